/** Writes a guide: Markdown on one side, what becomes of it on the other. */

import { assetAddress, type GuideOwner } from '@cvat-lab/client';
import type { AnnotationGuideRead } from '@cvat-lab/schema';
import { Eye, PencilLine, Save, Trash2 } from 'lucide-react';
import { type ClipboardEvent, type DragEvent, type KeyboardEvent, useRef, useState } from 'react';
import { Button, ConfirmDialog, Tabs, TextArea, useToasts } from '../../components';
import { announceChange } from '../../data/freshness';
import { MarkdownView } from '../../markdown/MarkdownView';
import { usePages } from '../context';

interface GuideEditorProps {
  owner: GuideOwner;
  /** Null = there is no guide yet. */
  stored: AnnotationGuideRead | null;
}

const VIEWS = [
  { value: 'write', label: 'Write', icon: PencilLine },
  { value: 'preview', label: 'Preview', icon: Eye },
] as const;

export function GuideEditor({ owner, stored }: GuideEditorProps) {
  const { api, navigate } = usePages();
  const toasts = useToasts();
  const [text, setText] = useState(stored?.markdown ?? '');
  const [saved, setSaved] = useState(stored?.markdown ?? '');
  const [view, setView] = useState<'write' | 'preview'>('write');
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  const guide = useRef<Promise<AnnotationGuideRead> | null>(stored && Promise.resolve(stored));

  /** Do something on the server that takes a moment, and say it when it fails. */
  const work = async (what: string, act: () => Promise<void>) => {
    setBusy(true);
    try {
      await act();
    } catch (error) {
      toasts.fail(`Cannot ${what}`, error);
    } finally {
      setBusy(false);
    }
  };
  /** The stored guide, made now if there is none: images need one to belong to. */
  const requireGuide = () => {
    guide.current ??= api.guides.create(owner, text).catch((error) => {
      guide.current = null;
      throw error;
    });
    return guide.current;
  };
  const save = () =>
    work('save the guide', async () => {
      const { id } = await requireGuide();
      await api.guides.update(id, text);
      setSaved(text);
      announceChange();
      toasts.say('The guide is saved', 'good');
    });
  const remove = () =>
    work('delete the guide', async () => {
      setAsking(false);
      if (guide.current) await api.guides.delete((await guide.current).id);
      navigate({ page: owner.kind, id: owner.id });
      announceChange();
    });
  const addImages = (images: File[], place: HTMLTextAreaElement) => {
    const { selectionStart, selectionEnd } = place;
    return work('add the image', async () => {
      const { id } = await requireGuide();
      let links = '';
      for (const blob of images) {
        const asset = await api.guides.uploadAsset(id, { name: blob.name, blob });
        links += `![${blob.name.replace(/[[\]]/g, '')}](${assetAddress(asset)})\n`;
      }
      setText((before) => before.slice(0, selectionStart) + links + before.slice(selectionEnd));
    });
  };

  const unsaved = text !== saved;
  return (
    <div className="cvl-guide">
      <div className="cvl-row">
        <Button kind="primary" icon={Save} busy={busy} disabled={!unsaved} onClick={save}>
          Save
        </Button>
        {unsaved && <span className="cvl-soft">Not saved yet</span>}
        {stored && (
          <Button className="cvl-push" kind="ghost" icon={Trash2} onClick={() => setAsking(true)}>
            Delete
          </Button>
        )}
      </div>
      <Tabs label="View of the guide" tabs={VIEWS} value={view} onChange={setView}>
        {view === 'write' ? (
          <GuideText text={text} onChange={setText} onImages={addImages} onSave={save} />
        ) : (
          <div className="cvl-guide-preview">
            <MarkdownView api={api} markdown={text} />
          </div>
        )}
      </Tabs>
      {asking && (
        <ConfirmDialog
          title="Delete the guide?"
          action="Delete"
          danger
          onConfirm={remove}
          onCancel={() => setAsking(false)}
        >
          The guide is deleted with its images. This cannot be undone.
        </ConfirmDialog>
      )}
    </div>
  );
}

interface GuideTextProps {
  text: string;
  onChange: (text: string) => void;
  onImages: (images: File[], place: HTMLTextAreaElement) => void;
  onSave: () => void;
}

function GuideText({ text, onChange, onImages, onSave }: GuideTextProps) {
  const take = (
    event: ClipboardEvent<HTMLTextAreaElement> | DragEvent<HTMLTextAreaElement>,
    transfer: DataTransfer,
  ) => {
    const images = [...transfer.files].filter(({ type }) => type.startsWith('image/'));
    if (images.length === 0) return;
    event.preventDefault();
    onImages(images, event.currentTarget);
  };
  const saveByKey = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.key !== 's') return;
    event.preventDefault();
    event.stopPropagation();
    onSave();
  };
  return (
    <TextArea
      label="Guide in Markdown"
      hideLabel
      code
      rows={22}
      value={text}
      placeholder="What to annotate, and how. Images can be pasted or dropped here."
      hint="Markdown. Images can be pasted or dropped here; Ctrl+S saves."
      onChange={onChange}
      onPaste={(event) => take(event, event.clipboardData)}
      onDrop={(event) => take(event, event.dataTransfer)}
      onKeyDown={saveByKey}
    />
  );
}
