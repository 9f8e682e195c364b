// Owns the frame of a part of the right side: a quiet heading over its content, and lines of name and figure.
import type { ReactElement, ReactNode } from 'react';
import styles from './side-section.module.css';

interface SideSectionProps {
  readonly title: string;
  readonly action?: ReactNode;
  readonly testId: string;
  readonly children: ReactNode;
}

export function SideSection({ title, action, testId, children }: SideSectionProps): ReactElement {
  return (
    <section className={styles.section} aria-label={title} data-testid={testId}>
      <header className={styles.header}>
        <h2 className={styles.heading}>{title}</h2>
        {action}
      </header>
      {children}
    </section>
  );
}

interface FigureProps {
  readonly name: string;
  readonly children: ReactNode;
  readonly testId?: string;
  readonly tone?: 'good' | 'trouble';
}

export function Figure({ name, children, testId, tone }: FigureProps): ReactElement {
  return (
    <div className={styles.figure}>
      <span className={styles.name}>{name}</span>
      <span className={styles.value} data-tone={tone} data-testid={testId}>
        {children}
      </span>
    </div>
  );
}
