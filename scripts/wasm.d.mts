/** The TypeScript file that belongs to crc32c-fold.wat. */
export function generated(): Promise<string>;
