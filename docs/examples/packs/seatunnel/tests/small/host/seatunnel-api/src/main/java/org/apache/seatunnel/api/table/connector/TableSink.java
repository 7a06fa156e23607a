package org.apache.seatunnel.api.table.connector;

import org.apache.seatunnel.api.sink.SeaTunnelSink;

public interface TableSink<IN, StateT, CommitInfoT, AggregatedCommitInfoT> {

    SeaTunnelSink<IN, StateT, CommitInfoT, AggregatedCommitInfoT> createSink();
}
