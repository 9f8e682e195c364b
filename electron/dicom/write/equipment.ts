// Owns what SonoSync's objects say of the software that made them (PS3.3 C.7.5.1, C.7.5.2).
import type { Attributes } from './attributes.ts';

/** General Equipment and Enhanced General Equipment; software has no serial number, and the element must not be empty. */
export function equipment(version: string): Attributes {
  return {
    Manufacturer: 'SonoSync',
    ManufacturerModelName: 'SonoSync',
    DeviceSerialNumber: 'NONE',
    SoftwareVersions: version,
  };
}
