package org.apache.seatunnel.connectors.seatunnel.common.source;

public class SingleSplitReaderContext {}
