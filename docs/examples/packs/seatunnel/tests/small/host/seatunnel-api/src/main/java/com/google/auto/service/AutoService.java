package com.google.auto.service;

/** Stands for the annotation of the library, so that the host compiles alone. */
public @interface AutoService {
    Class<?>[] value();
}
