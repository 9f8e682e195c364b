// The door to the words of the interface: every module that shows some takes them here by key, in the language that the reader chose. A wrong
// key, and a value that a text needs and does not get, are errors of the compiler. How many of something there are chooses between `_one`
// and `_other`, or what other forms the language has (i18next's plurals, Unicode CLDR).
//
// What the main process says is shown as it comes: an AppError names files, tags and figures that only it knows, and reads the same on the
// command line; so do the reasons in the queue, what formats are and lose, and the faults of a file. So are names that people gave: of
// labels, sets, studies, models.
export * from './figures.ts';
export { isLanguage, languageNames, showLanguage, shownLanguage, t } from './i18n.ts';
export type { LanguageTag } from './languages.ts';
