// Owns the two curves of a synchronization, each against its own axis: Dice on validation (0 to 1, left) and loss (from 0, right).
import { type ReactElement, useState } from 'react';
import { UnstyledButton } from '@mantine/core';
import type { CurvePoint } from '../session/state.ts';
import { shownNumber, shownScale, t } from '../strings/index.ts';
import styles from './curve-plot.module.css';

const width = 256;
const height = 132;
const area = { left: 26, right: 222, top: 16, bottom: 112 };

interface CurvePlotProps {
  readonly steps: number;
  readonly losses: readonly CurvePoint[];
  readonly dice: readonly CurvePoint[];
}

export function CurvePlot({ steps, losses, dice }: CurvePlotProps): ReactElement {
  const [asTable, setAsTable] = useState(false);
  const lastStep = Math.max(steps, 1, ...losses.map((point) => point.step));
  const highestLoss = niceCeiling(Math.max(0.01, ...losses.map((point) => point.value)));
  const x = (step: number): number => area.left + (step / lastStep) * (area.right - area.left);
  const y = (share: number): number => area.bottom - share * (area.bottom - area.top);
  const path = (points: readonly CurvePoint[], highest: number): string =>
    points.map((point) => `${x(point.step).toFixed(1)},${y(point.value / highest).toFixed(1)}`).join(' ');
  const lastDice = dice.at(-1);
  const lastLoss = losses.at(-1);
  return (
    <figure className={styles.figure} data-testid="curve-plot">
      {asTable ? (
        <CurveTable losses={losses} dice={dice} />
      ) : (
        <svg
          viewBox={`0 0 ${width} ${height}`}
          className={styles.plot}
          role="img"
          aria-label={t('curves.read', {
            dice: lastDice ? shownNumber(lastDice.value, 2) : t('curves.notMeasured'),
            loss: lastLoss ? shownNumber(lastLoss.value, 2) : t('curves.notKnown'),
            count: lastStep,
          })}
        >
          <text x={area.left - 20} y={9} className={styles.diceWord}>
            {t('curves.dice')}
          </text>
          <text x={area.right + 26} y={9} textAnchor="end" className={styles.lossWord}>
            {t('curves.loss')}
          </text>
          {[0, 0.5, 1].map((share) => (
            <g key={share}>
              <line x1={area.left} x2={area.right} y1={y(share)} y2={y(share)} className={styles.grid} />
              <text x={area.left - 4} y={y(share) + 3} textAnchor="end" className={styles.tick}>
                {shownNumber(share, 1, 0)}
              </text>
              <text x={area.right + 4} y={y(share) + 3} className={styles.tick}>
                {shownScale(share * highestLoss, 2)}
              </text>
            </g>
          ))}
          <text x={area.left} y={height - 6} className={styles.tick}>
            0
          </text>
          <text x={(area.left + area.right) / 2} y={height - 6} textAnchor="middle" className={styles.tick}>
            {t('curves.step')}
          </text>
          <text x={area.right} y={height - 6} textAnchor="end" className={styles.tick}>
            {lastStep}
          </text>
          <polyline points={path(losses, highestLoss)} className={styles.loss} />
          <polyline points={path(dice, 1)} className={styles.dice} />
          {dice.map((point) => (
            <circle key={point.step} cx={x(point.step)} cy={y(point.value)} r={2.2} className={styles.dot} />
          ))}
        </svg>
      )}
      <UnstyledButton className={styles.switch} onClick={() => setAsTable(!asTable)}>
        {asTable ? t('curves.showCurves') : t('curves.showTable')}
      </UnstyledButton>
    </figure>
  );
}

function CurveTable({ losses, dice }: Pick<CurvePlotProps, 'losses' | 'dice'>): ReactElement {
  const lossAt = new Map(losses.map((point) => [point.step, point.value]));
  const diceAt = new Map(dice.map((point) => [point.step, point.value]));
  const steps = [...new Set([...lossAt.keys(), ...diceAt.keys()])].sort((a, b) => a - b);
  return (
    <div className={styles.tableScroller}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('curves.columns.step')}</th>
            <th scope="col">{t('curves.columns.loss')}</th>
            <th scope="col">{t('curves.columns.dice')}</th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <tr key={step}>
              <td>{step}</td>
              <td>{shownValue(lossAt.get(step))}</td>
              <td>{shownValue(diceAt.get(step))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function shownValue(value: number | undefined): string {
  return value === undefined ? '' : shownNumber(value, 3);
}

/** The next of 1, 2, 5 times a power of ten. */
function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 2, 5, 10].find((factor) => value <= factor * power) ?? 10);
}
