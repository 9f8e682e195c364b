// Owns what is said over the two pictures of a comparison: who proposed each, how far each agrees with the reader's mask, and the way out.
import { type ReactElement, useMemo } from 'react';
import { Menu, UnstyledButton } from '@mantine/core';
import { IconCheck, IconChevronDown } from '@tabler/icons-react';
import type { AdapterView } from '../../electron/common/api.ts';
import { countMaskPixels } from '../../electron/common/mask.ts';
import {
  agreement,
  comparedMasks,
  compareWith,
  referenceMask,
  type Side,
  speakers,
  usableAdapters,
} from '../session/comparison.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { selectedFrame } from '../session/session.ts';
import { shownNumber, shownTime, t } from '../strings/index.ts';
import { CommandButton } from './command-button.tsx';
import styles from './comparison-titles.module.css';

export function ComparisonTitles(): ReactElement | null {
  const comparing = useSessionState((state) => state.comparing);
  return comparing ? <Titles /> : null;
}

function Titles(): ReactElement {
  const differenceShown = useSessionState((state) => state.differenceShown);
  const adapters = useSessionState((state) => state.adapters);
  const labelId = useSessionState((state) => state.labelId);
  const comparedWith = useSessionState((state) => state.comparedWith);
  const { before, now } = speakers({ adapters, labelId, comparedWith });
  const facts = useFacts();
  return (
    <div className={styles.titles} data-testid="comparison">
      <div className={styles.title} data-testid="comparison-before">
        <div className={styles.line}>
          <span className={styles.dotted} />
          <strong>{t('comparison.before')}</strong>
          <BeforeChoice before={before} now={now} />
        </div>
        <SideFacts side="before" facts={facts} />
      </div>
      <div className={styles.title} data-testid="comparison-now">
        <div className={styles.line}>
          <span className={styles.dashed} />
          <strong>{t('comparison.now')}</strong>
          <span className={styles.name}>
            <SpeakerName speaker={now} />
          </span>
          <span className={styles.buttons}>
            <CommandButton command="view.difference" kind="tool" isOn={differenceShown} tooltipSide="bottom" />
            <CommandButton command="view.end-comparison" kind="tool" tooltipSide="bottom" />
          </span>
        </div>
        <SideFacts side="now" facts={facts} />
      </div>
    </div>
  );
}

function SpeakerName({ speaker }: { readonly speaker: AdapterView | null }): string {
  const model = useSessionState((state) => state.status?.model?.title);
  if (speaker) return t('comparison.adapter', { time: shownTime(speaker.createdAt), count: speaker.corrections });
  return model === undefined ? t('comparison.base') : t('comparison.baseOf', { model });
}

/** Who speaks on the left: the base model or any adapter but the one on the right. */
function BeforeChoice(props: { readonly before: AdapterView | null; readonly now: AdapterView | null }): ReactElement {
  const { before, now } = props;
  const session = useSession();
  const adapters = useSessionState((state) => state.adapters);
  const labelId = useSessionState((state) => state.labelId);
  const offered = [...usableAdapters({ adapters, labelId }), null].filter(
    (one) => (one?.id ?? null) !== (now?.id ?? null),
  );
  return (
    <Menu position="bottom-start" width={288}>
      <Menu.Target>
        <UnstyledButton className={styles.choice} aria-label={t('comparison.choose')} data-testid="comparison-choice">
          <span className={styles.name}>
            <SpeakerName speaker={before} />
          </span>
          <IconChevronDown size={14} stroke={1.6} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {offered.map((speaker) => (
          <Menu.Item
            key={speaker?.id ?? 'base'}
            rightSection={speaker?.id === before?.id ? <IconCheck size={14} /> : null}
            onClick={() => compareWith(session, speaker?.id ?? null)}
          >
            <SpeakerName speaker={speaker} />
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

interface Facts {
  readonly dice: Readonly<Record<Side, number | null>>;
  readonly between: number;
  readonly only: Readonly<Record<Side, number>>;
  readonly reference: 'edited' | 'accepted' | 'absent' | null;
}

/** Null while the two are on their way. */
function useFacts(): Facts | null {
  const session = useSession();
  const frame = useSessionState(selectedFrame);
  const comparison = useSessionState((state) => state.comparison);
  const version = useSessionState((state) => state.documentVersion);
  const masks = useMemo(() => comparedMasks(comparison, frame), [comparison, frame]);
  return useMemo(() => {
    // The mask is painted in place: its version says when it has changed.
    if (!masks || version < 0) return null;
    const reference = referenceMask(session, comparison);
    const { before, now, between } = agreement(masks, reference);
    const reviewState = reference && session.editor.document?.state.reviewState;
    const judged = reviewState === 'edited' || reviewState === 'accepted' || reviewState === 'absent';
    return {
      dice: { before, now },
      between,
      only: { before: countMaskPixels(masks.only.before), now: countMaskPixels(masks.only.now) },
      reference: judged ? reviewState : null,
    };
  }, [session, masks, comparison, version]);
}

function SideFacts({ side, facts }: { readonly side: Side; readonly facts: Facts | null }): ReactElement {
  const differenceShown = useSessionState((state) => state.differenceShown);
  if (!facts) return <div className={styles.facts}>{t('comparison.waiting')}</div>;
  const dice = facts.dice[side];
  return (
    <div className={styles.facts}>
      {dice !== null && facts.reference !== null ? (
        <span data-testid={`comparison-dice-${side}`}>
          <b>{t('comparison.dice', { dice: shownNumber(dice, 3) })}</b>{' '}
          {t(`comparison.withReference.${facts.reference}`)}
        </span>
      ) : (
        side === 'before' && <span>{t('comparison.noReference')}</span>
      )}
      {side === 'now' && (
        <span data-testid="comparison-between">
          <b>{t('comparison.dice', { dice: shownNumber(facts.between, 3) })}</b> {t('comparison.between')}
        </span>
      )}
      {differenceShown && (
        <span data-testid={`comparison-only-${side}`}>
          <span className={styles[side]} />
          {t(`comparison.only.${side}`, { pixels: shownNumber(facts.only[side], 0) })}
        </span>
      )}
    </div>
  );
}
