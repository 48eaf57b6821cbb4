import {
  closestCenter,
  DndContext,
  KeyboardSensor,
  type Modifier,
  PointerSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import {
  SortableContext,
  sortableKeyboardCoordinates,
  useSortable,
  verticalListSortingStrategy,
} from '@dnd-kit/sortable';
import { CSS } from '@dnd-kit/utilities';
import { GripVertical } from 'lucide-react';
import { createContext, type ReactNode, type Ref, use } from 'react';
import { useTranslation } from 'react-i18next';

type Id = string | number;

/** A list whose rows are moved by mouse, and by keyboard with each step announced. */
export function Sortable({
  ids,
  onMove,
  children,
}: {
  ids: Id[];
  /** The place is counted from 1. */
  onMove: (id: Id, position: number) => void;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const place = (id: Id | undefined) => (id === undefined ? 0 : ids.indexOf(id) + 1);
  const words = (from: Id, to: Id | undefined) => ({ from: place(from), to: place(to), total: ids.length });
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      modifiers={[upAndDownOnly]}
      accessibility={{
        screenReaderInstructions: { draggable: t('app.sort.howTo') },
        announcements: {
          onDragStart: ({ active }) => t('app.sort.lifted', words(active.id, active.id)),
          onDragOver: ({ active, over }) => t('app.sort.over', words(active.id, over?.id)),
          onDragEnd: ({ active, over }) => t('app.sort.dropped', words(active.id, over?.id)),
          onDragCancel: ({ active }) => t('app.sort.cancelled', words(active.id, active.id)),
        },
      }}
      onDragEnd={({ active, over }) => {
        if (over && active.id !== over.id) onMove(active.id, place(over.id));
      }}
    >
      <SortableContext items={ids} strategy={verticalListSortingStrategy}>
        {children}
      </SortableContext>
    </DndContext>
  );
}

const upAndDownOnly: Modifier = ({ transform }) => ({ ...transform, x: 0 });

const rowContext = createContext<ReturnType<typeof useSortable> | undefined>(undefined);

/** A row of a sortable list; a Grip inside moves it. */
export function SortableRow({
  id,
  as: Tag = 'tr',
  className = '',
  measure,
  index,
  children,
}: {
  id: Id;
  as?: 'tr' | 'li';
  className?: string;
  /** For a virtual list, which measures its rows by their index. */
  measure?: Ref<HTMLElement> & ((element: Element | null) => void);
  index?: number;
  children: ReactNode;
}) {
  const row = useSortable({ id });
  const { setNodeRef, transform, transition, isDragging } = row;
  return (
    <rowContext.Provider value={row}>
      <Tag
        ref={(element: HTMLElement | null) => {
          setNodeRef(element);
          measure?.(element);
        }}
        data-index={index}
        className={`${className}${isDragging ? ' dragging' : ''}`}
        style={{ transform: CSS.Translate.toString(transform), transition }}
      >
        {children}
      </Tag>
    </rowContext.Provider>
  );
}

/** The handle of its row: a mouse drags it, Space lifts it, the arrow keys move it. */
export function Grip({ label, disabled }: { label: string; disabled?: boolean }) {
  const row = use(rowContext);
  return (
    <button
      ref={row?.setActivatorNodeRef}
      type="button"
      className="icon-button grip"
      {...row?.attributes}
      {...row?.listeners}
      disabled={disabled}
      aria-label={label}
    >
      <GripVertical className="icon" aria-hidden />
    </button>
  );
}
