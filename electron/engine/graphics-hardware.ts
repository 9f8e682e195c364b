// Owns what can be seen of graphics hardware without a driver's library, so that a GPU that is there and unused is never silent.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const nvidiaVendor = '0x10de';
/** PCI base class 03: display controllers (https://pcisig.com/specifications, class codes). */
const displayClass = /^0x03/;

/** Whether Linux shows an NVIDIA GPU: its driver's files, or a display controller of that vendor on the PCI bus. `root` is for tests. */
export function hasNvidiaDevice(root = '/'): boolean {
  if (existsSync(join(root, 'proc/driver/nvidia/version')) || existsSync(join(root, 'dev/nvidiactl'))) return true;
  const devices = join(root, 'sys/bus/pci/devices');
  if (!existsSync(devices)) return false;
  return readdirSync(devices).some(
    (name) =>
      readLine(join(devices, name, 'vendor')) === nvidiaVendor &&
      displayClass.test(readLine(join(devices, name, 'class'))),
  );
}

/** The file's text without the line's end, or '' where it cannot be read. */
function readLine(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}
