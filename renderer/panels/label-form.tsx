// Owns the form of one label: its name, its colour, the two prompts that say what it is, and its code.
import { type FormEvent, type ReactElement, useState } from 'react';
import { Button, ColorInput, SegmentedControl, Select, TextInput } from '@mantine/core';
import type { SegmentCode } from '../../electron/common/codes.ts';
import { messageOf } from '../../electron/common/errors.ts';
import { labelColors } from '../../electron/common/label-colors.ts';
import { type ObjectType, type Position, positions } from '../../electron/common/prompts.ts';
import { t } from '../strings/index.ts';
import { CodeField } from './code-field.tsx';
import styles from './label-dialogs.module.css';
import { TroubleNote } from './trouble-note.tsx';

export interface LabelFields {
  readonly name: string;
  readonly color: string;
  readonly position: Position;
  readonly type: ObjectType;
  readonly code: SegmentCode | null;
}

interface LabelFormProps {
  readonly initial: LabelFields;
  /** The word on the button. */
  readonly action: string;
  readonly save: (fields: LabelFields) => Promise<void>;
  readonly onDone: () => void;
}

export function LabelForm({ initial, action, save, onDone }: LabelFormProps): ReactElement {
  const [fields, setFields] = useState<LabelFields>({
    name: initial.name,
    color: initial.color,
    position: initial.position,
    type: initial.type,
    code: initial.code,
  });
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const change = (part: Partial<LabelFields>): void => setFields((before) => ({ ...before, ...part }));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setBusy(true);
    setTrouble(null);
    save({ ...fields, name: fields.name.trim() })
      .then(onDone)
      .catch((error: unknown) => setTrouble(messageOf(error)))
      .finally(() => setBusy(false));
  };
  const isColor = /^#[0-9a-f]{6}$/.test(fields.color);
  return (
    <form className={styles.form} onSubmit={submit}>
      <div className={styles.pair}>
        <TextInput
          data-autofocus
          label={t('labelForm.name')}
          placeholder={t('labelForm.nameExample')}
          maxLength={80}
          value={fields.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
          data-testid="label-name"
        />
        <ColorInput
          label={t('labelForm.color')}
          format="hex"
          withEyeDropper={false}
          swatches={[...labelColors]}
          swatchesPerRow={labelColors.length}
          value={fields.color}
          onChange={(color) => change({ color: color.toLowerCase() })}
          error={isColor ? null : t('labelForm.colorFault')}
          data-testid="label-color"
        />
      </div>
      <Select
        label={t('prompts.position.title')}
        description={t('labelForm.positionHint')}
        data={positions.map((value) => ({ value, label: t(`prompts.values.${value}`) }))}
        value={fields.position}
        onChange={(position) => position && change({ position })}
        data-testid="label-position"
      />
      <SegmentedControl
        aria-label={t('prompts.type.title')}
        data={[
          { value: 'tumor', label: t('labelForm.tumor') },
          { value: 'organ', label: t('labelForm.organ') },
        ]}
        value={fields.type}
        onChange={(type) => change({ type })}
        data-testid="label-type"
      />
      <CodeField
        position={fields.position}
        type={fields.type}
        code={fields.code}
        onChange={(code) => change({ code })}
      />
      {trouble && <TroubleNote text={trouble} testId="add-label-trouble" />}
      <div className={styles.buttons}>
        <Button
          type="submit"
          loading={busy}
          disabled={fields.name.trim() === '' || !isColor || !isWholeCode(fields.code)}
          data-testid="label-submit"
        >
          {action}
        </Button>
      </div>
    </form>
  );
}

function isWholeCode(code: SegmentCode | null): boolean {
  return code === null || Object.values(code.type).every((part: string) => part.trim() !== '');
}
