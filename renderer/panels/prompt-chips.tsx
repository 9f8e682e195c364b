// Owns the four prompts above the frame. Dashed: guessed from the label; solid: chosen. A click opens the values, arrow keys step.
import type { KeyboardEvent, ReactElement } from 'react';
import { Loader, Menu, Tooltip, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconCheck } from '@tabler/icons-react';
import { type PromptName, type Prompts, promptValues } from '../../electron/common/prompts.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { choosePrompt, promptsInEffect, stepPrompt, suggestedPrompts } from '../session/proposals.ts';
import styles from './prompt-chips.module.css';

/** In the order in which people say them, under the paper's names. */
const chips = [
  { name: 'type', title: 'Object', meaning: 'What is looked for: a lesion or a whole organ' },
  { name: 'task', title: 'Task', meaning: 'Outline it, or classify what is seen' },
  { name: 'mode', title: 'Input', meaning: 'The whole frame, a crop around a target, or a marked target' },
  { name: 'position', title: 'Position', meaning: 'The part of the body' },
] as const satisfies readonly { name: PromptName; title: string; meaning: string }[];

const valueWords: Readonly<Record<Prompts[PromptName], string>> = {
  ovary: 'ovary',
  breast: 'breast',
  thyroid: 'thyroid',
  carotid: 'carotid',
  appendix: 'appendix',
  liver: 'liver',
  cardiac: 'heart',
  head: 'fetal head',
  kidney: 'kidney',
  leg: 'leg',
  indis: 'not specified',
  segmentation: 'segment',
  classification: 'classify',
  whole: 'whole',
  local: 'local',
  location: 'location',
  tumor: 'tumor',
  organ: 'organ',
};

export function positionWord(position: Prompts['position']): string {
  return valueWords[position];
}

export function PromptChips(): ReactElement | null {
  const hasLabel = useSessionState((state) => promptsInEffect(state) !== null);
  const busy = useSessionState((state) => state.proposing.kind === 'busy');
  // What takes less than a tenth of a second shows nothing.
  const [busyForLong] = useDebouncedValue(busy, 100);
  if (!hasLabel) return null;
  return (
    <div className={styles.chips} role="group" aria-label="Prompts" data-testid="prompt-chips">
      {chips.map((chip) => (
        <PromptChip key={chip.name} {...chip} />
      ))}
      {busy && busyForLong && <Loader size={16} color="var(--accent)" aria-label="The proposal is on its way" />}
    </div>
  );
}

function PromptChip(props: {
  readonly name: PromptName;
  readonly title: string;
  readonly meaning: string;
}): ReactElement {
  const { name, title, meaning } = props;
  const session = useSession();
  const value = useSessionState((state) => promptsInEffect(state)?.[name]);
  const chosen = useSessionState((state) => state.chosenPrompts[state.labelId ?? '']?.[name] !== undefined);
  const suggested = useSessionState((state) => suggestedPrompts(state)[name]);
  const values: readonly Prompts[PromptName][] = promptValues[name];
  const words = suggested && suggested !== value ? ` The file suggests ${valueWords[suggested]}.` : '';

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    stepPrompt(session, name, step > 0 ? 1 : -1);
  };

  return (
    <Menu position="bottom-start" width={176}>
      <Menu.Target>
        <Tooltip label={`${meaning}. ${chosen ? 'Chosen.' : 'Guessed from the label.'}${words}`} position="bottom">
          <UnstyledButton
            className={styles.chip}
            data-chosen={chosen || undefined}
            onKeyDown={onKeyDown}
            data-testid={`prompt-${name}`}
            data-value={value}
          >
            <span className={styles.title}>{title}</span> {value && valueWords[value]}
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
                {option === suggested && <span className={styles.suggested}>file</span>}
                {option === value && <IconCheck size={14} />}
              </>
            }
            data-testid={`prompt-${name}-${option}`}
          >
            {valueWords[option]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
