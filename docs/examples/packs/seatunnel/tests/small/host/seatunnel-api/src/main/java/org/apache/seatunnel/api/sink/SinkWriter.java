package org.apache.seatunnel.api.sink;

import java.io.IOException;
import java.io.Serializable;
import java.util.Optional;

public interface SinkWriter<T, CommitInfoT, StateT> {

    void write(T element) throws IOException;

    Optional<CommitInfoT> prepareCommit() throws IOException;

    void abortPrepare();

    void close() throws IOException;

    interface Context extends Serializable {

        int getIndexOfSubtask();
    }
}
