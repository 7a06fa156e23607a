package org.apache.seatunnel.api.table.factory;

public class TableSourceFactoryContext {}
