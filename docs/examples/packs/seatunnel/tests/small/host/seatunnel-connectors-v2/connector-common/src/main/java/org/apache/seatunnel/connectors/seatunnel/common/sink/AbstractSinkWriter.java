package org.apache.seatunnel.connectors.seatunnel.common.sink;

import org.apache.seatunnel.api.sink.SinkWriter;

import java.util.Optional;

public abstract class AbstractSinkWriter<T, StateT> implements SinkWriter<T, Void, StateT> {

    @Override
    public Optional<Void> prepareCommit() {
        return Optional.empty();
    }

    @Override
    public final void abortPrepare() {
        // nothing
    }
}
