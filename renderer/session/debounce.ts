// Owns waiting for a burst of calls to end before anything is done about it.

/** Does it once, when no call has followed the last one for so long. */
export function debounce(action: () => void, delayMs: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, delayMs);
  };
}
