/** A colour that counts when the browser's palette is closed, not with every move of the mouse in it. */

import { forwardRef, type InputHTMLAttributes, useEffect, useImperativeHandle, useRef } from 'react';

interface ColorInputProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'type' | 'value' | 'onChange'> {
  value: string;
  onChoose: (color: string) => void;
}

export const ColorInput = forwardRef<HTMLInputElement, ColorInputProps>(function ColorInput(
  { value, onChoose, ...rest },
  ref,
) {
  const input = useRef<HTMLInputElement>(null);
  useImperativeHandle(ref, () => input.current!);
  const latest = useRef(onChoose);
  latest.current = onChoose;
  useEffect(() => {
    const element = input.current!;
    // React's `onChange` is the browser's `input`.
    const choose = () => latest.current(element.value);
    element.addEventListener('change', choose);
    return () => element.removeEventListener('change', choose);
  }, []);
  useEffect(() => {
    input.current!.value = value;
  }, [value]);
  return <input ref={input} type="color" defaultValue={value} {...rest} />;
});
