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
import {
  createContext,
  memo,
  type ReactNode,
  type RefObject,
  use,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import './Sortable.css';

type Id = string | number;
type Sorting = ReturnType<typeof useSortable>;

/**
 * Whether the pointer or the focus is on a grip. Rows register with the drag library only then. Otherwise it would
 * render all of them again for each row that scrolls into a long list.
 */
const armedContext = createContext<{ isArmed: boolean; arm: () => void; disarm: () => void } | undefined>(undefined);
const disarmAfter = 400;
const none: Id[] = [];

/** A list whose rows can be moved by mouse, or by keyboard with announcements. */
export function Sortable({
  ids,
  onMove,
  children,
}: {
  ids: Id[];
  /** The position starts at 1. */
  onMove: (id: Id, position: number) => void;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const [isArmed, setArmed] = useState(false);
  const isDragging = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const armed = useMemo(
    () => ({
      isArmed,
      arm() {
        clearTimeout(timer.current);
        setArmed(true);
      },
      disarm() {
        clearTimeout(timer.current);
        if (!isDragging.current) timer.current = setTimeout(() => setArmed(false), disarmAfter);
      },
    }),
    [isArmed],
  );
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
      onDragStart={() => {
        clearTimeout(timer.current);
        isDragging.current = true;
      }}
      onDragCancel={() => {
        isDragging.current = false;
      }}
      onDragEnd={({ active, over }) => {
        isDragging.current = false;
        if (over && active.id !== over.id) onMove(active.id, place(over.id));
      }}
    >
      <SortableContext items={isArmed ? ids : none} strategy={verticalListSortingStrategy}>
        <armedContext.Provider value={armed}>{children}</armedContext.Provider>
      </SortableContext>
    </DndContext>
  );
}

const upAndDownOnly: Modifier = ({ transform }) => ({ ...transform, x: 0 });

const rowContext = createContext<Sorting | undefined>(undefined);

/** A row of a sortable list. A `Grip` inside moves it. */
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
  /** For a virtual list, which measures its rows by index. */
  measure?: (element: Element | null) => void;
  index?: number;
  children: ReactNode;
}) {
  const isArmed = use(armedContext)?.isArmed;
  const [sorting, setSorting] = useState<Sorting>();
  const element = useRef<HTMLElement>(null);
  const hold = useCallback(
    (found: HTMLElement | null) => {
      element.current = found;
      measure?.(found);
    },
    [measure],
  );
  return (
    <rowContext.Provider value={sorting}>
      <Tag
        ref={hold}
        data-index={index}
        className={`${className}${sorting?.isDragging ? ' dragging' : ''}`}
        style={sorting && { transform: CSS.Translate.toString(sorting.transform), transition: sorting.transition }}
      >
        {children}
      </Tag>
      {isArmed && <Registration id={id} element={element} onChange={setSorting} />}
    </rowContext.Provider>
  );
}

/** Registers a row with the library and passes the result to the row. Renders nothing, so the row keeps its state. */
const Registration = memo(function Registration({
  id,
  element,
  onChange,
}: {
  id: Id;
  element: RefObject<HTMLElement | null>;
  onChange: (sorting: Sorting | undefined) => void;
}) {
  const sorting = useSortable({ id });
  const { setNodeRef } = sorting;
  useLayoutEffect(() => {
    setNodeRef(element.current);
    return () => setNodeRef(null);
  }, [setNodeRef, element]);
  useLayoutEffect(() => onChange(sorting));
  useLayoutEffect(() => () => onChange(undefined), [onChange]);
  return null;
});

/** The handle of a row: the mouse drags it, Space lifts it, the arrow keys move it. */
export function Grip({ label, disabled }: { label: string; disabled?: boolean }) {
  const row = use(rowContext);
  const armed = use(armedContext);
  return (
    <button
      ref={row?.setActivatorNodeRef}
      type="button"
      className="icon-button grip"
      {...row?.attributes}
      {...row?.listeners}
      // At once, because a touch is followed directly by the press.
      onPointerEnter={() => flushSync(() => armed?.arm())}
      onPointerLeave={({ buttons }) => buttons || armed?.disarm()}
      onFocus={armed?.arm}
      onBlur={armed?.disarm}
      disabled={disabled}
      aria-label={label}
    >
      <GripVertical className="icon" aria-hidden />
    </button>
  );
}
