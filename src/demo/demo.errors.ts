/** Something that whoever runs the demo can mend: told in words, without a stack. */
export class DemoError extends Error {}
