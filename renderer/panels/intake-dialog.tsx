// Owns the settings of receiving from a scanner: under which name, on which network, from whom; and what has come.
import { type FormEvent, type ReactElement, useEffect, useState } from 'react';
import { Button, Loader, Modal, NumberInput, Radio, Select, Switch, TextInput } from '@mantine/core';
import type { IntakeSettings, IntakeStatus } from '../../electron/common/api.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { configureIntake, refreshIntake } from '../session/intake.ts';
import { CallerRows } from './caller-rows.tsx';
import styles from './intake-dialog.module.css';
import { TroubleNote } from './trouble-note.tsx';

const thisMachine = '127.0.0.1';
const everyInterface = '0.0.0.0';

export function IntakeDialog(): ReactElement {
  const session = useSession();
  const opened = useSessionState((state) => state.dialog === 'intake');
  const close = (): void => session.store.setState({ dialog: null });
  return (
    <Modal opened={opened} onClose={close} title="Receive from scanner" size={560} data-testid="intake-dialog">
      <Intake />
    </Modal>
  );
}

function Intake(): ReactElement {
  const session = useSession();
  const intake = useSessionState((state) => state.intake);
  const [trouble, setTrouble] = useState<string | null>(null);
  useEffect(() => {
    refreshIntake(session).catch((error: unknown) => setTrouble(wordsOf(error)));
  }, [session]);
  if (!intake) {
    return trouble ? <TroubleNote text={trouble} testId="intake-trouble" /> : <Loader color="gray" size="sm" />;
  }
  return <IntakeForm status={intake} />;
}

function IntakeForm({ status }: { readonly status: IntakeStatus }): ReactElement {
  const session = useSession();
  const [fields, setFields] = useState<IntakeSettings>(status.settings);
  const [onlyThese, setOnlyThese] = useState(status.settings.callers.length > 0);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const change = (part: Partial<IntakeSettings>): void => setFields((before) => ({ ...before, ...part }));
  const callers = onlyThese ? fields.callers.filter(({ aeTitle }) => aeTitle.trim() !== '') : [];
  const needsCaller = onlyThese && callers.length === 0;
  const apply = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setTrouble(null);
    try {
      await configureIntake(session, { ...fields, callers });
    } catch (error) {
      setTrouble(wordsOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className={styles.form} onSubmit={(event) => void apply(event)}>
      <Switch
        label="Take images that a scanner sends over the network"
        description="DICOM Storage. They go into this workspace as they come; nothing is sent back but that they arrived."
        checked={fields.enabled}
        onChange={(event) => change({ enabled: event.currentTarget.checked })}
        data-testid="intake-enabled"
      />
      <div className={styles.address}>
        <TextInput
          label="AE title"
          description="The name to enter at the scanner"
          maxLength={16}
          value={fields.aeTitle}
          onChange={(event) => change({ aeTitle: event.currentTarget.value })}
          data-testid="intake-title"
        />
        <NumberInput
          label="Port"
          description="11112 is usual"
          min={1}
          max={65_535}
          allowDecimal={false}
          hideControls
          value={fields.port}
          onChange={(port) => typeof port === 'number' && change({ port })}
          data-testid="intake-port"
        />
      </div>
      <Select
        label="Network"
        description="Where it listens"
        allowDeselect={false}
        data={networkChoices(status, fields.host)}
        value={fields.host}
        onChange={(host) => host && change({ host })}
        data-testid="intake-host"
      />
      <Radio.Group
        label="Who may send"
        value={onlyThese ? 'these' : 'anyone'}
        onChange={(value) => setOnlyThese(value === 'these')}
      >
        <div className={styles.choices}>
          <Radio
            value="anyone"
            size="xs"
            label="Every scanner that can reach this machine"
            data-testid="intake-anyone"
          />
          <Radio value="these" size="xs" label="Only these" data-testid="intake-these" />
        </div>
      </Radio.Group>
      {onlyThese && <CallerRows callers={fields.callers} onChange={(changed) => change({ callers: [...changed] })} />}
      {fields.enabled && !onlyThese && fields.host !== thisMachine && (
        <p className={styles.caution}>Anybody on that network can put images into this workspace.</p>
      )}
      {trouble && <TroubleNote text={trouble} testId="intake-trouble" />}
      <div className={styles.foot}>
        <Standing status={status} />
        <Button type="submit" loading={busy} disabled={needsCaller} data-testid="intake-apply">
          Apply
        </Button>
      </div>
    </form>
  );
}

/** How it stands at the moment, which the fields above may be about to change. */
function Standing({ status }: { readonly status: IntakeStatus }): ReactElement {
  const { settings, listening, trouble, received, failed, refused, last } = status;
  const counts = [
    received > 0 && `${received} received`,
    failed > 0 && `${failed} could not be kept`,
    refused > 0 && `${refused} ${refused === 1 ? 'call' : 'calls'} refused`,
  ].filter(Boolean);
  return (
    <div className={styles.standing} data-testid="intake-standing" data-listening={listening}>
      {trouble !== null ? (
        <TroubleNote text={trouble} testId="intake-not-listening" />
      ) : (
        <span className={listening ? styles.good : styles.dim}>
          {listening
            ? `Listening as ${settings.aeTitle} at ${shownAddress(status)}, port ${settings.port}`
            : 'Switched off'}
        </span>
      )}
      {counts.length > 0 && <span>{counts.join(', ')}</span>}
      {last && (
        <span className={last.tone === 'trouble' ? styles.trouble : styles.dim}>
          {new Date(last.at).toLocaleTimeString('en-GB')} {last.text}
        </span>
      )}
    </div>
  );
}

/** What to enter at the scanner: the machine's own addresses where it listens on all of them. */
function shownAddress({ settings, interfaces }: IntakeStatus): string {
  if (settings.host !== everyInterface) return settings.host;
  const outside = interfaces.map(({ address }) => address).filter((address) => address !== thisMachine);
  return outside.length > 0 ? outside.join(' or ') : thisMachine;
}

function networkChoices({ interfaces }: IntakeStatus, chosen: string) {
  const choices = [
    { value: thisMachine, label: 'This machine only' },
    ...interfaces
      .filter(({ address }) => address !== thisMachine)
      .map(({ name, address }) => ({ value: address, label: `${address} (${name})` })),
    { value: everyInterface, label: 'Every network of this machine' },
  ];
  // An address that this machine has not at the moment, as that of a cable that is out.
  const known = choices.some(({ value }) => value === chosen);
  return known ? choices : [...choices, { value: chosen, label: `${chosen} (not there now)` }];
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
