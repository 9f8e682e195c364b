import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { hasNvidiaDevice } from '../../electron/engine/graphics-hardware.ts';

const roots: string[] = [];

function rootWith(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'sonosync-hardware-'));
  roots.push(root);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

describe('an NVIDIA GPU', () => {
  it('is seen on the PCI bus, also without its driver', () => {
    const bus = 'sys/bus/pci/devices/0000:01:00.0';
    expect(hasNvidiaDevice(rootWith({ [`${bus}/vendor`]: '0x10de\n', [`${bus}/class`]: '0x030000\n' }))).toBe(true);
  });

  it('is not another vendor’s GPU, nor an NVIDIA device that is no GPU', () => {
    const bus = 'sys/bus/pci/devices/0000:01:00.0';
    expect(hasNvidiaDevice(rootWith({ [`${bus}/vendor`]: '0x8086\n', [`${bus}/class`]: '0x030000\n' }))).toBe(false);
    expect(hasNvidiaDevice(rootWith({ [`${bus}/vendor`]: '0x10de\n', [`${bus}/class`]: '0x0c0330\n' }))).toBe(false);
    expect(hasNvidiaDevice(rootWith({ [`${bus}/vendor`]: '0x10de\n' }))).toBe(false);
  });

  it('is seen by its driver where there is no bus to look at', () => {
    expect(hasNvidiaDevice(rootWith({ 'proc/driver/nvidia/version': 'NVRM version' }))).toBe(true);
    expect(hasNvidiaDevice(rootWith({}))).toBe(false);
  });
});
