/* What the page computes for explorables that are free: twins of their `compute` in Python. */
import { blame } from "./answers/blame.js";
import { firstLetter } from "./answers/first_letter.js";
import { fixedPoints } from "./answers/fixed_points.js";
import { gradientFlow } from "./answers/gradient_flow.js";
import { hiddenStates } from "./answers/hidden_states.js";
import { nextPoint } from "./answers/next_point.js";
import { pieces } from "./answers/pieces.js";
import { stretch } from "./answers/stretch.js";
import { truncationLab } from "./answers/truncation_lab.js";
import { wavefront } from "./answers/wavefront.js";

globalThis.UNROLLED_ENGINE = {
  Blame: blame,
  FirstLetter: firstLetter,
  FixedPoints: fixedPoints,
  GradientFlow: gradientFlow,
  HiddenStates: hiddenStates,
  NextPoint: nextPoint,
  Pieces: pieces,
  Stretch: stretch,
  TruncationLab: truncationLab,
  Wavefront: wavefront,
};
