/**
 * A JSON parser that remembers on which line every value stands.
 *
 * `JSON.parse` cannot say where a value was, and a message about a long label list is of little use without its line.
 */

export interface ParsedJson {
  value: unknown;
  /** Line of the value at a path, or of the nearest value around it; lines count from 1. */
  lineOf: (path: readonly (string | number)[]) => number;
}

export class JsonLineError extends Error {
  override readonly name = 'JsonLineError';

  constructor(
    readonly line: number,
    readonly reason: string,
  ) {
    super(`Line ${line}: ${reason}`);
  }
}

/** @throws JsonLineError when the text is not JSON */
export function parseJson(text: string): ParsedJson {
  const parser = new Parser(text);
  const value = parser.document();
  return { value, lineOf: (path) => parser.lineOf(path) };
}

const LITERALS: Record<string, unknown> = { true: true, false: false, null: null };
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them inside texts
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;
const WORD = /[A-Za-z_]+/y;
const SPACE = /[ \t\n\r]*/y;

class Parser {
  private at = 0;
  private readonly starts = new Map<string, number>();

  constructor(private readonly text: string) {}

  document(): unknown {
    const value = this.value([]);
    this.skipSpace();
    if (this.at < this.text.length) this.fail(`${this.here()} follows after the end of the list`);
    return value;
  }

  lineOf(path: readonly (string | number)[]): number {
    for (let length = path.length; length >= 0; length--) {
      const start = this.starts.get(JSON.stringify(path.slice(0, length)));
      if (start !== undefined) return this.lineAt(start);
    }
    return 1;
  }

  private value(path: (string | number)[]): unknown {
    this.skipSpace();
    this.starts.set(JSON.stringify(path), this.at);
    switch (this.text[this.at]) {
      case '{':
        return this.object(path);
      case '[':
        return this.array(path);
      case '"':
        return this.string();
      default:
        return this.scalar();
    }
  }

  private object(path: (string | number)[]): Record<string, unknown> {
    const fields: Record<string, unknown> = {};
    this.sequence('}', () => {
      this.skipSpace();
      if (this.text[this.at] !== '"')
        this.fail(`a field name in double quotes is expected, not ${this.here()}`);
      const name = this.string();
      if (Object.hasOwn(fields, name)) this.fail(`field “${name}” appears twice in one object`);
      this.skipSpace();
      if (this.text[this.at] !== ':') this.fail(`“:” is expected after “${name}”, not ${this.here()}`);
      this.at++;
      fields[name] = this.value([...path, name]);
    });
    return fields;
  }

  private array(path: (string | number)[]): unknown[] {
    const items: unknown[] = [];
    this.sequence(']', () => items.push(this.value([...path, items.length])));
    return items;
  }

  /** Read items separated by commas up to `end`; the opening bracket is next. */
  private sequence(end: string, item: () => void): void {
    this.at++;
    this.skipSpace();
    if (this.text[this.at] === end) {
      this.at++;
      return;
    }
    for (;;) {
      item();
      this.skipSpace();
      const next = this.text[this.at];
      if (next !== ',' && next !== end) this.fail(`“,” or “${end}” is expected, not ${this.here()}`);
      this.at++;
      if (next === end) return;
      this.skipSpace();
      if (this.text[this.at] === end) this.fail(`remove the comma before “${end}”`);
    }
  }

  private string(): string {
    const found = this.match(STRING);
    if (found === null) this.fail('this text in quotes does not end properly');
    return JSON.parse(found) as string;
  }

  private scalar(): unknown {
    const number = this.match(NUMBER);
    if (number !== null) return Number(number);
    const start = this.at;
    const word = this.match(WORD);
    if (word !== null && Object.hasOwn(LITERALS, word)) return LITERALS[word];
    this.at = start;
    this.fail(`${this.here()} is no JSON value; texts stand in double quotes`);
  }

  private skipSpace(): void {
    this.match(SPACE);
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? null;
    this.at += found?.length ?? 0;
    return found;
  }

  private here(): string {
    const rest = this.text.slice(this.at);
    const word = /^\w+|^\S/.exec(rest.trimStart())?.[0];
    return word ? `“${word}”` : 'the end of the text';
  }

  private lineAt(position: number): number {
    return this.text.slice(0, position).split('\n').length;
  }

  private fail(reason: string): never {
    throw new JsonLineError(this.lineAt(this.at), reason);
  }
}
