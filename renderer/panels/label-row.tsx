// Owns a line of the label list: which label it is, what was said of it in this frame, and how its masks are shown.
import type { ReactElement, ReactNode } from 'react';
import { Tooltip, UnstyledButton } from '@mantine/core';
import { IconEye, IconEyeOff, IconLock, IconLockOpen } from '@tabler/icons-react';
import type { LabelView } from '../../electron/common/api.ts';
import { changeLook, lookOf, shownOpacity } from '../session/label-looks.ts';
import { selectLabel } from '../session/labels.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { selectedFrame } from '../session/session.ts';
import { t } from '../strings/index.ts';
import { LabelMenu } from './label-menu.tsx';
import styles from './labels-panel.module.css';
import { frameMark, ReviewMark } from './review-mark.tsx';

interface LabelRowProps {
  readonly label: LabelView;
  /** Among the labels that are offered, from 0. */
  readonly place: number;
  readonly count: number;
}

export function LabelRow({ label, place, count }: LabelRowProps): ReactElement {
  const session = useSession();
  const isSelected = useSessionState((state) => state.labelId === label.id);
  const visible = useSessionState((state) => lookOf(state, label.id).visible);
  const locked = useSessionState((state) => lookOf(state, label.id).locked);
  return (
    <div
      className={styles.row}
      data-on={isSelected || undefined}
      data-seen={visible || undefined}
      data-testid="label-row"
      data-label-id={label.id}
    >
      <UnstyledButton
        className={styles.choose}
        aria-pressed={isSelected}
        onClick={() => void selectLabel(session, label.id)}
        data-testid="label-choose"
      >
        <kbd className={styles.key}>{place < 9 ? place + 1 : ''}</kbd>
        <Swatch label={label} />
        <span className={styles.words}>
          <span className={styles.name}>{label.name}</span>
          <span className={styles.about}>{describeLabel(label)}</span>
        </span>
        <RowMark labelId={label.id} />
      </UnstyledButton>
      <LookButton
        title={visible ? t('labels.hideMasks', { name: label.name }) : t('labels.showMasks', { name: label.name })}
        isOn={!visible}
        testId="label-eye"
        onClick={() => changeLook(session, label.id, { visible: !visible })}
      >
        {visible ? <IconEye size={16} stroke={1.6} /> : <IconEyeOff size={16} stroke={1.6} />}
      </LookButton>
      <LookButton
        title={locked ? t('labels.unlock', { name: label.name }) : t('labels.lock', { name: label.name })}
        isOn={locked}
        testId="label-lock"
        onClick={() => changeLook(session, label.id, { locked: !locked })}
      >
        {locked ? <IconLock size={16} stroke={1.6} /> : <IconLockOpen size={16} stroke={1.6} />}
      </LookButton>
      <LabelMenu label={label} place={place} count={count} />
    </div>
  );
}

/** Apart from its row, which is not drawn again from frame to frame. */
function RowMark({ labelId }: { readonly labelId: string }): ReactElement | null {
  const mark = useSessionState((state) => frameMark(selectedFrame(state)?.states[labelId], false));
  return mark && <ReviewMark mark={mark} />;
}

/** As the masks are drawn: filled, or an outline alone. */
function Swatch({ label }: { readonly label: LabelView }): ReactElement {
  const opacity = useSessionState((state) => shownOpacity(lookOf(state, label.id)));
  return (
    <span
      className={styles.swatch}
      style={{ borderColor: label.color, background: opacity > 0 ? label.color : 'transparent' }}
    />
  );
}

interface LookButtonProps {
  readonly title: string;
  readonly isOn: boolean;
  readonly testId: string;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

function LookButton({ title, isOn, testId, onClick, children }: LookButtonProps): ReactElement {
  return (
    <Tooltip label={title} position="left">
      <UnstyledButton
        className={styles.look}
        data-on={isOn || undefined}
        aria-pressed={isOn}
        aria-label={title}
        onClick={onClick}
        data-testid={testId}
      >
        {children}
      </UnstyledButton>
    </Tooltip>
  );
}

/** What it is, and whether the network has learned it. */
function describeLabel({ code, position, type, activeAdapterId }: LabelView): string {
  const place = position === 'indis' ? '' : t(`prompts.values.${position}`);
  const isOrganItself = code?.type.codeValue === code?.anatomicRegion?.codeValue;
  const what = code ? [code.type.codeMeaning, isOrganItself ? '' : place] : [place, t(`prompts.values.${type}`)];
  return [...what, activeAdapterId ? t('labels.ownAdapter') : ''].filter(Boolean).join(' · ');
}
