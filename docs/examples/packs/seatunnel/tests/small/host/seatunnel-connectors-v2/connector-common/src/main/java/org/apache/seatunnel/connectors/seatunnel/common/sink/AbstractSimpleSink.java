package org.apache.seatunnel.connectors.seatunnel.common.sink;

import org.apache.seatunnel.api.sink.SeaTunnelSink;

public abstract class AbstractSimpleSink<T, StateT>
        implements SeaTunnelSink<T, StateT, Void, Void> {}
