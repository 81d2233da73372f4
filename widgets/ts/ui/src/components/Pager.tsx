/** Steps through the pages of a list. */

import { ChevronLeft, ChevronRight } from 'lucide-react';
import { IconButton } from './Button';

interface PagerProps {
  page: number;
  pageSize: number;
  count: number;
  onChange: (page: number) => void;
}

export function Pager({ page, pageSize, count, onChange }: PagerProps) {
  const pages = Math.max(1, Math.ceil(count / pageSize));
  if (pages === 1) return null;
  const first = (page - 1) * pageSize + 1;
  return (
    <nav className="cvl-pager" aria-label="Pages">
      <IconButton
        icon={ChevronLeft}
        label="Previous page"
        disabled={page <= 1}
        onClick={() => onChange(page - 1)}
      />
      <span>
        {first}–{Math.min(count, first + pageSize - 1)} of {count}
      </span>
      <IconButton
        icon={ChevronRight}
        label="Next page"
        disabled={page >= pages}
        onClick={() => onChange(page + 1)}
      />
    </nav>
  );
}
