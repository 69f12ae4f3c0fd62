/* What the page computes for explorables that are free: twins of their `compute` in Python. */
import { gradientFlow } from "./answers/gradient_flow.js";
import { hiddenStates } from "./answers/hidden_states.js";
import { truncationLab } from "./answers/truncation_lab.js";

globalThis.UNROLLED_ENGINE = { GradientFlow: gradientFlow, HiddenStates: hiddenStates, TruncationLab: truncationLab };
