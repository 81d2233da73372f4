import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LayerProvider, ToastProvider } from '../components';
import type { LabelDraft } from './draft';
import { LabelsEditor } from './LabelsEditor';

const CAR: LabelDraft = { id: 3, name: 'car', color: '#2080c0', type: 'any', attributes: [] };

type Change = (labels: LabelDraft[]) => void | Promise<void>;

function mount(initial: LabelDraft[], onChange: Change = () => {}) {
  render(
    <LayerProvider>
      <ToastProvider>
        <Host {...{ initial, onChange }} />
      </ToastProvider>
    </LayerProvider>,
  );
  return userEvent.setup();
}

function Host({ initial, onChange }: { initial: LabelDraft[]; onChange: Change }) {
  const [labels, setLabels] = useState(initial);
  const change = async (next: LabelDraft[]) => {
    await onChange(next);
    setLabels(next);
  };
  return <LabelsEditor labels={labels} onChange={change} />;
}

const button = (name: string | RegExp) => screen.getByRole('button', { name });

afterEach(cleanup);

describe('constructor', () => {
  it('R1.11 adds labels with attributes one after the other', async () => {
    const onChange = vi.fn();
    const user = mount([], onChange);
    await user.click(button('Add label'));
    await user.type(screen.getByLabelText('Label name'), 'car');
    await user.selectOptions(screen.getByLabelText('Shape'), 'rectangle');
    await user.click(button('Add an attribute'));
    await user.type(screen.getByLabelText('Attribute'), 'model');
    await user.type(screen.getByLabelText('Values'), 'suv{Enter}van{Enter}');
    await user.selectOptions(screen.getByLabelText('Default'), 'van');
    await user.click(screen.getByLabelText('Mutable'));
    await user.click(button('Continue'));
    expect(onChange).toHaveBeenLastCalledWith([
      {
        name: 'car',
        color: '',
        type: 'rectangle',
        attributes: [
          {
            name: 'model',
            input_type: 'select',
            mutable: true,
            values: ['suv', 'van'],
            default_value: 'van',
          },
        ],
      },
    ]);
    await user.type(await screen.findByLabelText('Label name'), 'road');
    await user.click(button('Done'));
    expect(onChange.mock.lastCall?.[0].map(({ name }: LabelDraft) => name)).toEqual(['car', 'road']);
    expect(screen.queryByLabelText('Label name')).toBeNull();
  });

  it('R1.11 takes the range of a number as min;max;step', async () => {
    const onChange = vi.fn();
    const user = mount([{ ...CAR, id: undefined }], onChange);
    await user.click(button('Edit label car'));
    await user.click(button('Add an attribute'));
    await user.type(screen.getByLabelText('Attribute'), 'age');
    await user.selectOptions(screen.getByLabelText('Input'), 'number');
    await user.clear(screen.getByLabelText('Range'));
    await user.type(screen.getByLabelText('Range'), '1;5');
    await user.click(button('Done'));
    expect(screen.getByText(/a number needs three values, min;max;step, got 1;5/)).toBeTruthy();
    expect(onChange).not.toHaveBeenCalled();
    await user.type(screen.getByLabelText('Range'), ';2');
    await user.clear(screen.getByLabelText('Default'));
    await user.click(button('Done'));
    expect(onChange.mock.lastCall?.[0][0].attributes[0].values).toEqual(['1', '5', '2']);
  });

  it('R1.14 refuses a name that exists', async () => {
    const user = mount([CAR]);
    await user.click(button('Add label'));
    await user.type(screen.getByLabelText('Label name'), 'car{Enter}');
    expect(screen.getByRole('alert').textContent).toBe('label “car” exists already; names must be unique');
  });

  it('R1.14 asks before it deletes a stored label', async () => {
    const onChange = vi.fn();
    const user = mount([CAR], onChange);
    await user.click(button('Delete label car'));
    const dialog = screen.getByRole('dialog');
    expect(dialog.textContent).toContain('deleted with all annotations');
    await user.click(within(dialog).getByRole('button', { name: 'Cancel' }));
    expect(onChange).not.toHaveBeenCalled();
    await user.click(button('Delete label car'));
    await user.click(screen.getByRole('button', { name: 'Delete' }));
    expect(onChange).toHaveBeenCalledWith([]);
  });

  it('R1.12 shows __undefined__ as an empty choice', async () => {
    const attribute = {
      name: 'a',
      input_type: 'radio',
      mutable: false,
      values: ['__undefined__'],
      default_value: '',
    };
    const user = mount([{ ...CAR, attributes: [attribute as LabelDraft['attributes'][number]] }]);
    await user.click(button('Edit label car'));
    expect(screen.getAllByText('(empty choice)').length).toBeGreaterThan(0);
  });

  it('keeps the form open when the server refuses', async () => {
    const user = mount([CAR], async () => {
      throw new Error('labels are locked');
    });
    await user.click(button('Edit label car'));
    await user.type(screen.getByLabelText('Label name'), 's');
    await user.click(button('Done'));
    expect((await screen.findByRole('alert')).textContent).toContain('Labels are locked.');
    expect((screen.getByLabelText('Label name') as HTMLInputElement).value).toBe('cars');
  });
});

describe('raw mode', () => {
  it('R1.9 R1.13 applies with Done, and asks when a stored label is missing', async () => {
    const onChange = vi.fn();
    const user = mount([CAR], onChange);
    await user.click(screen.getByRole('tab', { name: 'Raw' }));
    const area = screen.getByLabelText('Labels as JSON');
    await user.clear(area);
    await user.click(area);
    await user.paste('[{"name": "van", "id": 3}]');
    expect((area as HTMLTextAreaElement).value).toBe('[{"name": "van"}]');
    await user.click(button('Done'));
    expect(screen.getByRole('dialog').textContent).toContain('Delete label “car”?');
    await user.click(button('Delete'));
    expect(onChange.mock.lastCall?.[0]).toMatchObject([{ name: 'van' }]);
  });

  it('R1.13 Reset drops the changes', async () => {
    const user = mount([CAR]);
    await user.click(screen.getByRole('tab', { name: 'Raw' }));
    const area = screen.getByLabelText<HTMLTextAreaElement>('Labels as JSON');
    const before = area.value;
    await user.type(area, 'x');
    await user.click(button('Reset'));
    expect(area.value).toBe(before);
  });
});
