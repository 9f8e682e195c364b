// Owns the choice of what a label is in coded terms: what its prompts say, a code of the label sets, or one that the reader writes.
import { type ReactElement, useEffect, useState } from 'react';
import { Select, TextInput } from '@mantine/core';
import type { LabelSet } from '../../electron/common/api.ts';
import { codeOfPrompts, type SegmentCode } from '../../electron/common/codes.ts';
import type { ObjectType, Position } from '../../electron/common/prompts.ts';
import { useSession } from '../session/hooks.ts';
import { t } from '../strings/index.ts';
import styles from './label-dialogs.module.css';

interface CodeFieldProps {
  readonly position: Position;
  readonly type: ObjectType;
  readonly code: SegmentCode | null;
  readonly onChange: (code: SegmentCode | null) => void;
}

const fromPrompts = 'prompts';
const ownCode = 'own';

export function CodeField({ position, type, code, onChange }: CodeFieldProps): ReactElement {
  const { api } = useSession();
  const [sets, setSets] = useState<readonly LabelSet[]>([]);
  const [writes, setWrites] = useState(false);
  useEffect(() => {
    // Without the sets, the prompts' own code and a written one remain.
    api.send('label-set:list', {}).then(setSets, () => {});
  }, [api]);
  const standard = codeOfPrompts(position, type);
  const offered = sets.flatMap((set) => set.labels.map((label) => ({ key: `${set.id}/${label.name}`, set, label })));
  const known = code && offered.find((one) => sameCode(one.label.code, code));
  const value = code === null ? fromPrompts : known && !writes ? known.key : ownCode;
  const choose = (next: string): void => {
    setWrites(next === ownCode);
    if (next === fromPrompts) onChange(null);
    else if (next === ownCode) onChange(code ?? standard);
    else onChange(offered.find((one) => one.key === next)?.label.code ?? null);
  };
  return (
    <div className={styles.code}>
      <Select
        label={t('labelForm.code')}
        description={t('labelForm.codeHint')}
        searchable
        data={[
          { value: fromPrompts, label: t('labelForm.codeOfPrompts', { code: describeCode(standard) }) },
          ...sets.map((set) => ({
            group: set.title,
            items: set.labels.map((label) => ({ value: `${set.id}/${label.name}`, label: describeCode(label.code) })),
          })),
          { value: ownCode, label: t('labelForm.anotherCode') },
        ]}
        value={value}
        onChange={(next) => next && choose(next)}
        data-testid="label-code"
      />
      {value === ownCode && code && <OwnCode code={code} onChange={onChange} />}
    </div>
  );
}

function OwnCode({ code, onChange }: { readonly code: SegmentCode; readonly onChange: (code: SegmentCode) => void }) {
  const field = (part: keyof SegmentCode['type'], label: string, maxLength: number) => (
    <TextInput
      label={label}
      maxLength={maxLength}
      value={code.type[part]}
      onChange={(event) => onChange({ ...code, type: { ...code.type, [part]: event.currentTarget.value.trimStart() } })}
      data-testid={`label-code-${part}`}
    />
  );
  return (
    <div className={styles.ownCode}>
      {field('codeValue', t('labelForm.codeValue'), 16)}
      {field('codingSchemeDesignator', t('labelForm.codeScheme'), 16)}
      {field('codeMeaning', t('labelForm.codeMeaning'), 64)}
    </div>
  );
}

/** "Nodule, Thyroid (27925004)" */
function describeCode({ type, anatomicRegion }: SegmentCode): string {
  const place = anatomicRegion && anatomicRegion.codeValue !== type.codeValue ? `, ${anatomicRegion.codeMeaning}` : '';
  return `${type.codeMeaning}${place} (${type.codeValue})`;
}

function sameCode(a: SegmentCode, b: SegmentCode): boolean {
  return (
    JSON.stringify([a.category, a.type, a.anatomicRegion]) === JSON.stringify([b.category, b.type, b.anatomicRegion])
  );
}
