/** The integration Acme. */
package app.integrations.acme;
