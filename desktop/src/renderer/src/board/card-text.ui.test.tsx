import { describe, expect, test } from 'vitest';
import { cardText } from './card-text.ts';

const knee = {
  title: 'Total knee replacement',
  surgeon: 'Dr Haddad',
  patient: null,
  service: 'Orthopaedics',
  time: '07:30',
};
const lane = (length: number, breadth = 34, isHeld = false) => cardText(knee, 'x', length, breadth, isHeld);
const column = (length: number, breadth = 118, isHeld = false) =>
  cardText(knee, 'y', length, breadth, isHeld);

describe('a card in a lane', () => {
  test('a long card shows the whole title, time and surgeon', () => {
    expect(lane(240)).toMatchObject({ title: knee.title, text: '\n07:30 Dr Haddad' });
  });

  test('a high card also names the service', () => {
    expect(lane(240, 50).text).toBe('\n07:30 Dr Haddad\nOrthopaedics');
  });

  test('a low card has one line, with the surgeon if there is room', () => {
    expect(lane(320, 22)).toMatchObject({ title: knee.title, text: ' Dr Haddad' });
    expect(lane(200, 22)).toMatchObject({ title: knee.title, text: '' });
  });

  test('a card that shares its room has smaller text', () => {
    expect(lane(200, 16)).toMatchObject({ isLow: true, lines: 1, title: knee.title });
    expect(lane(200, 34).isLow).toBe(false);
  });

  test('cut text ends in an ellipsis, and unreadably short names are omitted', () => {
    const { title, text } = lane(90);
    expect(title).toMatch(/^Total.*…$/);
    expect(knee.title.startsWith(title.slice(0, -1))).toBe(true);
    expect(text).toBe('\n07:30 Dr Ha…');
    expect(lane(80).text).toBe('\n07:30');
  });

  test('a short card shows the time, a shorter one only its glyph, the shortest nothing', () => {
    expect(lane(40)).toMatchObject({ title: '', text: '\n07:30', isBare: false });
    expect(lane(30)).toMatchObject({ title: '', text: '', isBare: false });
    expect(lane(15)).toMatchObject({ title: '', text: '', isBare: true });
  });

  test('a hold keeps a corner for its countdown; a short one shows the countdown instead of the time', () => {
    expect(lane(140, 34, true)).toMatchObject({ isTagged: true, isCounting: false });
    expect(lane(140, 34, true).title.length).toBeLessThan(lane(140).title.length);
    expect(lane(70, 34, true)).toMatchObject({ isTagged: false, isCounting: true });
    expect(lane(70, 34, true).text).not.toContain('07:30');
  });
});

describe('CO3 a card with its patient', () => {
  const withPatient = (length: number, axis: 'x' | 'y', breadth: number) =>
    cardText({ ...knee, patient: 'MRN-0042' }, axis, length, breadth, false);

  test('shows the patient next to the title, or on its own line if there are three lines', () => {
    expect(withPatient(300, 'x', 34)).toMatchObject({
      title: knee.title,
      text: ' MRN-0042\n07:30 Dr Haddad',
    });
    expect(withPatient(240, 'x', 50).text).toBe('\n07:30 Dr Haddad\nMRN-0042');
    expect(withPatient(90, 'y', 118).text).toBe('07:30\nDr Haddad\nMRN-0042');
  });

  test('CO4 reports whether the whole title is visible', () => {
    expect(withPatient(300, 'x', 34).isWhole).toBe(true);
    expect(lane(90).isWhole).toBe(false);
    expect(lane(28).isWhole).toBe(false);
  });
});

describe('a card in a column', () => {
  test('has as many lines as it is high', () => {
    expect(column(15).text).toBe('');
    expect(column(40).text).toBe('\n07:30');
    expect(column(60).text).toBe('\n07:30\nDr Haddad');
  });

  test('wraps the whole title if it is large', () => {
    expect(column(90)).toMatchObject({ isRoomy: true, title: knee.title, text: '07:30\nDr Haddad' });
  });
});
