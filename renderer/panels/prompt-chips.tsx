// Owns the four prompts above the frame. Dashed: guessed from the label; solid: chosen. A click opens the values, arrow keys step.
import type { KeyboardEvent, ReactElement } from 'react';
import { Loader, Menu, Tooltip, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconCheck } from '@tabler/icons-react';
import { type PromptName, type Prompts, promptValues } from '../../electron/common/prompts.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { choosePrompt, promptsInEffect, stepPrompt, suggestedPrompts } from '../session/proposals.ts';
import { t } from '../strings/index.ts';
import styles from './prompt-chips.module.css';

/** In the order in which people say them, under the paper's names. */
const chips = ['type', 'task', 'mode', 'position'] as const satisfies readonly PromptName[];

export function PromptChips(): ReactElement | null {
  const hasLabel = useSessionState((state) => promptsInEffect(state) !== null);
  const busy = useSessionState((state) => state.proposing.kind === 'busy');
  // What takes less than a tenth of a second shows nothing.
  const [busyForLong] = useDebouncedValue(busy, 100);
  if (!hasLabel) return null;
  return (
    <div className={styles.chips} role="group" aria-label={t('prompts.title')} data-testid="prompt-chips">
      {chips.map((name) => (
        <PromptChip key={name} name={name} />
      ))}
      {busy && busyForLong && <Loader size={16} color="var(--accent)" aria-label={t('prompts.busy')} />}
    </div>
  );
}

function PromptChip({ name }: { readonly name: PromptName }): ReactElement {
  const session = useSession();
  const value = useSessionState((state) => promptsInEffect(state)?.[name]);
  const chosen = useSessionState((state) => state.chosenPrompts[state.labelId ?? '']?.[name] !== undefined);
  const suggested = useSessionState((state) => suggestedPrompts(state)[name]);
  const values: readonly Prompts[PromptName][] = promptValues[name];
  const about = [
    t(`prompts.${name}.meaning`),
    chosen ? t('prompts.chosen') : t('prompts.guessed'),
    suggested && suggested !== value ? t('prompts.suggested', { value: t(`prompts.values.${suggested}`) }) : '',
  ];

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    stepPrompt(session, name, step > 0 ? 1 : -1);
  };

  return (
    <Menu position="bottom-start" width={176}>
      <Menu.Target>
        <Tooltip label={about.filter(Boolean).join(' ')} position="bottom">
          <UnstyledButton
            className={styles.chip}
            data-chosen={chosen || undefined}
            onKeyDown={onKeyDown}
            data-testid={`prompt-${name}`}
            data-value={value}
          >
            <span className={styles.title}>{t(`prompts.${name}.title`)}</span> {value && t(`prompts.values.${value}`)}
          </UnstyledButton>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {values.map((option) => (
          <Menu.Item
            key={option}
            onClick={() => choosePrompt(session, name, option as never)} // a value of this prompt's own list
            rightSection={
              <>
                {option === suggested && <span className={styles.suggested}>{t('prompts.fromFile')}</span>}
                {option === value && <IconCheck size={14} />}
              </>
            }
            data-testid={`prompt-${name}-${option}`}
          >
            {t(`prompts.values.${option}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
