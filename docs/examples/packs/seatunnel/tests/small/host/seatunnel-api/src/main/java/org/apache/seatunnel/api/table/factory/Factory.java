package org.apache.seatunnel.api.table.factory;

import org.apache.seatunnel.api.configuration.util.OptionRule;

/** This is the SPI interface. */
public interface Factory {

    /** Returns a unique identifier among same factory interfaces. */
    String factoryIdentifier();

    /** Returns the rule for options. */
    OptionRule optionRule();
}
