package org.apache.seatunnel.connectors.seatunnel.common.source;

import org.apache.seatunnel.api.source.SourceSplit;

public class SingleSplit implements SourceSplit {}
