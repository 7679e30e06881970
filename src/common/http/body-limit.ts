/** No text in a body can be longer either. */
export const BODY_LIMIT_BYTES = 10 * 1024 * 1024;
