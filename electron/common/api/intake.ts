// Owns the part of the contract on intake: receiving images from a scanner over the network (DICOM Storage SCP, PS3.4 annex B).
import { z } from 'zod';

/** PS3.5 table 6.2-1, AE: up to 16 characters, no backslash, no control character. */
const aeTitle = z
  .string()
  .trim()
  .regex(/^[\x20-\x5b\x5d-\x7e]{1,16}$/, 'an AE title has 1 to 16 characters, without backslash');

export const intakeSettingsSchema = z.object({
  enabled: z.boolean(),
  /** The title under which scanners call this machine. */
  aeTitle,
  port: z.number().int().min(1).max(65_535),
  /** Address of the network interface to listen on: 127.0.0.1 hears this machine only, 0.0.0.0 all. */
  host: z.union([z.ipv4(), z.ipv6()]),
  /** Who may send; none means everybody. `host` is an address or name, null for any machine. */
  callers: z.array(z.object({ aeTitle, host: z.string().trim().min(1).max(255).nullable().default(null) })).max(100),
});

export const intakeStatusSchema = z.object({
  settings: intakeSettingsSchema,
  listening: z.boolean(),
  /** Why it does not listen although it should; null else. */
  trouble: z.string().nullable(),
  /** Addresses of this machine to choose from, with the names of their interfaces. */
  interfaces: z.array(z.object({ name: z.string(), address: z.string() })),
  /** Since the application started. */
  received: z.number().int(),
  failed: z.number().int(),
  refused: z.number().int(),
  /** One sentence on the last call, with its time; null before there was one. */
  last: z.object({ at: z.string(), tone: z.enum(['plain', 'trouble']), text: z.string() }).nullable(),
});

export const intakeCommands = {
  'intake:status': { input: z.object({}), output: intakeStatusSchema },
  /** Remembered, and in effect when it returns; what keeps it from listening is in the status. */
  'intake:configure': { input: intakeSettingsSchema, output: intakeStatusSchema },
} as const;

export const intakeEvents = {
  'intake:changed': intakeStatusSchema,
} as const;
