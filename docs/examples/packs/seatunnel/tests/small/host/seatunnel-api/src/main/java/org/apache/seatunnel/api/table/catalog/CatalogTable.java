package org.apache.seatunnel.api.table.catalog;

public class CatalogTable {}
