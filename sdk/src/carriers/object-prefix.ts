/** Of attributes of spans and entries of baggage: the type of the object follows. */
export const OBJECT_PREFIX = "throughline.object.";
