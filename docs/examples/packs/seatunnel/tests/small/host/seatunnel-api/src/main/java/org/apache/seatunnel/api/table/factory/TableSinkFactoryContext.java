package org.apache.seatunnel.api.table.factory;

import org.apache.seatunnel.api.table.catalog.CatalogTable;

public class TableSinkFactoryContext {
    public CatalogTable getCatalogTable() {
        return new CatalogTable();
    }
}
