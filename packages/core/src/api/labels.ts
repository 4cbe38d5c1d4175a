/**
 * The label of a duration, computed by the type checker: `'5m'` names columns `300s`. The same as
 * `parseDuration(text).label`; a text that is not known at compile time gives `string`.
 */
import type { Duration } from '../duration.js';

/** Digits, the last one first, times a small number: [carry in][digit] to [carry out, digit]. */
type Six = [
  ['00', '06', '12', '18', '24', '30', '36', '42', '48', '54'],
  ['01', '07', '13', '19', '25', '31', '37', '43', '49', '55'],
  ['02', '08', '14', '20', '26', '32', '38', '44', '50', '56'],
  ['03', '09', '15', '21', '27', '33', '39', '45', '51', '57'],
  ['04', '10', '16', '22', '28', '34', '40', '46', '52', '58'],
  ['05', '11', '17', '23', '29', '35', '41', '47', '53', '59'],
];
type Two = [
  ['00', '02', '04', '06', '08', '10', '12', '14', '16', '18'],
  ['01', '03', '05', '07', '09', '11', '13', '15', '17', '19'],
];
type Table = readonly (readonly string[])[];

type Reversed<S extends string, R extends string = ''> = S extends `${infer First}${infer Rest}`
  ? Reversed<Rest, `${First}${R}`>
  : R;

type Product<
  S extends string,
  T extends Table,
  Carry extends string = '0',
> = S extends `${infer D}${infer Rest}`
  ? T[Carry & keyof T][D & keyof T[Carry & keyof T]] extends `${infer C}${infer Digit}`
    ? `${Digit}${Product<Rest, T, C>}`
    : never
  : Carry extends '0'
    ? ''
    : Carry;

/** A number's digits times 6, and times 2. */
type Times6<S extends string> = Reversed<Product<Reversed<S>, Six>>;
type Times2<S extends string> = Reversed<Product<Reversed<S>, Two>>;
type Minutes<N extends string> = `${Times6<N>}0`;
type Hours<N extends string> = `${Times6<Times6<N>>}00`;
type Days<N extends string> = `${Times2<Times2<Times6<Times6<Times6<N>>>>>}00`;

type WithoutZeros<N extends string> = N extends `0${infer Rest}`
  ? Rest extends ''
    ? N
    : WithoutZeros<Rest>
  : N;

/** The coarsest of s, ms, us, ns that a number of units is a whole number of. */
type Coarsest<N extends string, U extends 'ms' | 'us' | 'ns'> = N extends `${infer Thousands}000`
  ? Thousands extends ''
    ? `${N}${U}`
    : U extends 'ms'
      ? `${Thousands}s`
      : U extends 'us'
        ? Coarsest<Thousands, 'ms'>
        : Coarsest<Thousands, 'us'>
  : `${N}${U}`;

type Whole<N extends string> = WithoutZeros<N> extends infer M extends `${bigint}` ? M : never;

type TextLabel<D extends string> = string extends D
  ? string
  : D extends `${infer N}ms`
    ? Coarsest<Whole<N>, 'ms'>
    : D extends `${infer N}us`
      ? Coarsest<Whole<N>, 'us'>
      : D extends `${infer N}ns`
        ? Coarsest<Whole<N>, 'ns'>
        : D extends `${infer N}s`
          ? `${Whole<N>}s`
          : D extends `${infer N}m`
            ? `${Minutes<Whole<N>>}s`
            : D extends `${infer N}h`
              ? `${Hours<Whole<N>>}s`
              : D extends `${infer N}d`
                ? `${Days<Whole<N>>}s`
                : never;

/** The label of a duration, or of each of several. */
export type LabelOf<D> = D extends string ? TextLabel<D> : D extends Duration ? D['label'] : never;

/** The labels of a list of durations. */
export type LabelsOf<L> = L extends readonly unknown[] ? LabelOf<L[number]> : never;
