import { useEffect, useRef } from 'react';

/** Hear a key wherever the focus is, before anybody else, while the component is there. */
export function useKey(keys: readonly string[], onPress: () => void): void {
  const latest = useRef({ keys, onPress });
  latest.current = { keys, onPress };
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      if (!latest.current.keys.includes(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      latest.current.onPress();
    };
    document.addEventListener('keydown', listener, true);
    return () => document.removeEventListener('keydown', listener, true);
  }, []);
}
