// Two windows on one workspace decide differently about one frame: nothing is overwritten, and nothing is given up unseen.
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { pictures, skipWithoutChromium } from '../support/browser.ts';
import { serveApp, type ServedApp } from '../support/served-app.ts';

skipWithoutChromium();

let app: ServedApp;
test.beforeAll(async () => {
  app = await serveApp();
});
test.afterAll(() => app.stop());

test('a frame that another window has decided on meanwhile is shown before one of both is given up', async ({
  context,
}) => {
  const ours = await context.newPage();
  await ours.goto(app.address);
  await expect(ours.getByTestId('review-state')).toHaveAttribute('data-state', 'proposed', { timeout: 60_000 });
  const theirs = await context.newPage();
  await theirs.goto(new URL(ours.url()).origin);
  await expect(theirs.getByTestId('review-state')).toHaveAttribute('data-state', 'proposed', { timeout: 60_000 });

  await ours.route('**/api/annotation:save', (route) => route.abort());
  await ours.keyboard.press('a');
  await expect(ours.getByTestId('save-state')).toHaveAttribute('data-state', 'retrying');
  await expect(ours.getByTestId('frame-position')).not.toContainText('Frame 1 ');
  await theirs.keyboard.press('x');
  await expect(theirs.getByTestId('save-state')).toHaveAttribute('data-state', 'saved');

  await ours.unroute('**/api/annotation:save');
  const note = ours.getByTestId('save-conflict');
  await expect(note).toContainText('in another frame was changed elsewhere', { timeout: 20_000 });
  await expect(note.getByRole('button', { name: 'Take theirs' })).toHaveCount(0);
  await ours.screenshot({ path: join(pictures, 'conflict-1-elsewhere.png') });
  await note.getByRole('button', { name: 'Show it' }).click();
  await expect(note).toContainText('in this frame was changed elsewhere');
  await expect(ours.getByTestId('frame-position')).toContainText('Frame 1 ');
  await expect(ours.getByTestId('review-state')).toHaveAttribute('data-state', 'accepted');
  await ours.screenshot({ path: join(pictures, 'conflict-2-ours.png') });
  await note.getByRole('button', { name: 'Take theirs' }).click();
  await expect(ours.getByTestId('review-state')).toHaveAttribute('data-state', 'absent');
  await expect(ours.getByTestId('save-state')).toHaveAttribute('data-state', 'saved');
  await expect(note).toHaveCount(0);
});
