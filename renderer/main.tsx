// Owns the start of the page.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@mantine/core/styles.css';
import './panels/theme.css';
import { connectToHost } from './api/index.ts';
import { App } from './panels/app.tsx';
import { loadMemory } from './session/memory.ts';
import { createSession, startSession } from './session/start.ts';

const api = connectToHost();
const session = createSession(api, await loadMemory(api, window.localStorage));
void startSession(session);

// What is not on the disk yet is worth a question.
window.addEventListener('beforeunload', (event) => {
  if (session.store.getState().save.kind !== 'saved') event.preventDefault();
});

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App session={session} />
  </StrictMode>,
);
