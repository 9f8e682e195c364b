// Owns the shape of the part of dcmjs that is used here; the package has no types of its own.
declare module 'dcmjs' {
  export interface Element {
    vr: string;
    /** Numbers, strings, name objects, ArrayBuffers, or the elements of sequence items, by value representation. */
    Value?: unknown[];
  }
  /** Elements by tag: eight upper-case hexadecimal digits. */
  export type Elements = Record<string, Element | undefined>;

  export const data: {
    DicomMessage: {
      readFile(
        buffer: ArrayBuffer,
        options?: { ignoreErrors?: boolean; noCopy?: boolean },
      ): { meta: Elements; dict: Elements };
    };
  };
  export const log: { setLevel(level: 'silent' | 'error' | 'warn'): void };
}
