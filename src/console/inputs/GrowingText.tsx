import { Input } from 'antd';
import type { ComponentProps } from 'react';
import './GrowingText.css';

/** A text area that grows with its lines. antd's autoSize uses a style attribute, which our policy forbids. */
export function GrowingText(props: ComponentProps<typeof Input.TextArea>) {
  const text = String(props.value ?? '');
  const lines = text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 56)), 0);
  return <Input.TextArea {...props} className="growing" rows={Math.min(8, lines)} />;
}
