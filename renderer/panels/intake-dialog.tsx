// Owns the settings of receiving from a scanner: under which name, on which network, from whom; and what has come.
import { type FormEvent, type ReactElement, useEffect, useState } from 'react';
import { Button, Loader, Modal, NumberInput, Radio, Select, Switch, TextInput } from '@mantine/core';
import type { IntakeSettings, IntakeStatus } from '../../electron/common/api.ts';
import { messageOf } from '../../electron/common/errors.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { configureIntake, refreshIntake } from '../session/intake.ts';
import { shownClock, shownList, t } from '../strings/index.ts';
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
    <Modal opened={opened} onClose={close} title={t('intake.title')} size={560} data-testid="intake-dialog">
      <Intake />
    </Modal>
  );
}

function Intake(): ReactElement {
  const session = useSession();
  const intake = useSessionState((state) => state.intake);
  const [trouble, setTrouble] = useState<string | null>(null);
  useEffect(() => {
    refreshIntake(session).catch((error: unknown) => setTrouble(messageOf(error)));
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
      setTrouble(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className={styles.form} onSubmit={(event) => void apply(event)}>
      <Switch
        label={t('intake.enabled')}
        description={t('intake.enabledHint')}
        checked={fields.enabled}
        onChange={(event) => change({ enabled: event.currentTarget.checked })}
        data-testid="intake-enabled"
      />
      <div className={styles.address}>
        <TextInput
          label={t('intake.aeTitle')}
          description={t('intake.aeTitleHint')}
          maxLength={16}
          value={fields.aeTitle}
          onChange={(event) => change({ aeTitle: event.currentTarget.value })}
          data-testid="intake-title"
        />
        <NumberInput
          label={t('intake.port')}
          description={t('intake.portHint')}
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
        label={t('intake.network')}
        description={t('intake.networkHint')}
        allowDeselect={false}
        data={networkChoices(status, fields.host)}
        value={fields.host}
        onChange={(host) => host && change({ host })}
        data-testid="intake-host"
      />
      <Radio.Group
        label={t('intake.callers')}
        value={onlyThese ? 'these' : 'anyone'}
        onChange={(value) => setOnlyThese(value === 'these')}
      >
        <div className={styles.choices}>
          <Radio value="anyone" size="xs" label={t('intake.anyone')} data-testid="intake-anyone" />
          <Radio value="these" size="xs" label={t('intake.onlyThese')} data-testid="intake-these" />
        </div>
      </Radio.Group>
      {onlyThese && <CallerRows callers={fields.callers} onChange={(changed) => change({ callers: [...changed] })} />}
      {fields.enabled && !onlyThese && fields.host !== thisMachine && (
        <p className={styles.caution}>{t('intake.caution')}</p>
      )}
      {trouble && <TroubleNote text={trouble} testId="intake-trouble" />}
      <div className={styles.foot}>
        <Standing status={status} />
        <Button type="submit" loading={busy} disabled={needsCaller} data-testid="intake-apply">
          {t('intake.apply')}
        </Button>
      </div>
    </form>
  );
}

/** How it stands at the moment, which the fields above may be about to change. */
function Standing({ status }: { readonly status: IntakeStatus }): ReactElement {
  const { settings, listening, trouble, received, failed, refused, last } = status;
  const counts = [
    received > 0 ? t('intake.received', { count: received }) : '',
    failed > 0 ? t('intake.failed', { count: failed }) : '',
    refused > 0 ? t('intake.refused', { count: refused }) : '',
  ].filter(Boolean);
  return (
    <div className={styles.standing} data-testid="intake-standing" data-listening={listening}>
      {trouble !== null ? (
        <TroubleNote text={trouble} testId="intake-not-listening" />
      ) : (
        <span className={listening ? styles.good : styles.dim}>
          {listening
            ? t('intake.listening', {
                aeTitle: settings.aeTitle,
                address: shownAddress(status),
                port: String(settings.port),
              })
            : t('intake.off')}
        </span>
      )}
      {counts.length > 0 && <span>{shownList(counts, 'unit')}</span>}
      {last && (
        <span className={last.tone === 'trouble' ? styles.trouble : styles.dim}>
          {shownClock(last.at)} {last.text}
        </span>
      )}
    </div>
  );
}

/** What to enter at the scanner: the machine's own addresses where it listens on all of them. */
function shownAddress({ settings, interfaces }: IntakeStatus): string {
  if (settings.host !== everyInterface) return settings.host;
  const outside = interfaces.map(({ address }) => address).filter((address) => address !== thisMachine);
  return outside.length > 0 ? shownList(outside, 'disjunction') : thisMachine;
}

function networkChoices({ interfaces }: IntakeStatus, chosen: string) {
  const choices = [
    { value: thisMachine, label: t('intake.thisMachine') },
    ...interfaces
      .filter(({ address }) => address !== thisMachine)
      .map(({ name, address }) => ({ value: address, label: `${address} (${name})` })),
    { value: everyInterface, label: t('intake.everyNetwork') },
  ];
  // An address that this machine has not at the moment, as that of a cable that is out.
  const known = choices.some(({ value }) => value === chosen);
  return known ? choices : [...choices, { value: chosen, label: t('intake.addressGone', { address: chosen }) }];
}
