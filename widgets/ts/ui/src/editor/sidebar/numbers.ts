/** The numbers that an attribute accepts. Its values are minimum, maximum and step, as CVAT stores them. */

export interface NumberRange {
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
}

export function numberRange(values: readonly string[]): NumberRange {
  const [min, max, step] = values.map(Number).map((value) => (Number.isFinite(value) ? value : undefined));
  return { min, max, step: step && step > 0 ? step : undefined };
}

/** Why a text is not accepted; null = it is. */
export function checkNumber(text: string, { min, max, step }: NumberRange): string | null {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) return 'Enter a number';
  if (min !== undefined && value < min) return `At least ${min}`;
  if (max !== undefined && value > max) return `At most ${max}`;
  const steps = step === undefined ? 0 : (value - (min ?? 0)) / step;
  return Math.abs(steps - Math.round(steps)) > 1e-9 ? `In steps of ${step}` : null;
}
