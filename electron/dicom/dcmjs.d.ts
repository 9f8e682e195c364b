// Owns the types of the part of dcmjs that is used; the package has none.
declare module 'dcmjs' {
  interface Entry {
    readonly tag: string;
    readonly vr: string;
  }
  interface EncodedElement {
    readonly vr: string;
    readonly Value: readonly unknown[];
  }
  type EncodedDataSet = Readonly<Record<string, EncodedElement>>;
  class DicomDict {
    constructor(meta: EncodedDataSet);
    dict: EncodedDataSet;
    write(options?: object): ArrayBuffer;
  }
  const dcmjs: {
    readonly data: {
      readonly DicomDict: typeof DicomDict;
      readonly DicomMetaDictionary: { readonly nameMap: Readonly<Record<string, Entry | undefined>> };
    };
  };
  export default dcmjs;
}
