package org.apache.seatunnel.api.source;

import java.io.Serializable;

public interface SourceSplit extends Serializable {}
