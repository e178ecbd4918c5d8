"""The one way a model is fitted: transformers' Trainer over numbered batches, on a CPU, one GPU or several processes.

A training gives an `Objective` (a module whose forward turns one batch into named losses) and a function that draws
batch number n. Because a batch depends on its number alone, a training that was killed goes on from its checkpoint as if
nothing had happened, and several processes share the numbers among them. Sub-word sampling included: SentencePiece
seeds its generator once a thread, so each batch is drawn in a thread of its own.
"""

from __future__ import annotations

import random
import shutil
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import sentencepiece
import torch
from torch import nn
from torch.utils.data import Dataset, SequentialSampler
from transformers import EarlyStoppingCallback, Trainer, TrainerCallback, TrainingArguments
from transformers.trainer_callback import PrinterCallback, ProgressCallback
from transformers.trainer_utils import get_last_checkpoint
from transformers.utils import logging

from training.config import Fit, Tuning
from training.processes import device, is_main, main_only, n_processes
from training.progress import Progress

BETAS = (0.9, 0.98)
logging.disable_progress_bar()  # of reading and writing weights: a training has a bar of its own
SCORE = "eval_score"
FITTED_NAME = "fitted.pt"
Batch = dict[str, Any]
Score = Callable[[], Mapping[str, float]]


class Objective(nn.Module, ABC):
    """A model with what it is to learn. `forward(**batch)` gives named losses; their sum is minimised."""

    @abstractmethod
    def forward(self, **batch: Any) -> dict[str, torch.Tensor]:
        """One batch -> losses, each a scalar, float32."""


def seed_everything(seed: int) -> None:
    """Seed Python, NumPy, torch and SentencePiece (for threads that have not drawn from it yet)."""
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)
    sentencepiece.set_random_generator_seed(seed % 2**31)


def matrices_in(bf16: bool) -> torch.autocast:
    """Context in which a GPU's matrix products run in bfloat16, never in float16; a CPU computes in float32.

    A processor without bfloat16 units emulates them, a hundred times slower than float32.
    """
    where = device().type
    return torch.autocast(where, dtype=torch.bfloat16, enabled=bf16 and where == "cuda")


@dataclass(frozen=True, slots=True)
class Looks:
    """Looks at rows kept aside during a training: `score` gives figures, `score` among them (higher is better).

    Each `every` optimizer steps; after `patience` looks without a better one the training ends (0: it never does), and
    the weights of the best look are taken.
    """

    score: Score
    every: int
    patience: int = 0


class NumberedBatches(Dataset):  # type: ignore[type-arg]
    """Batch n for each number below `n_batches`, the same whenever and wherever it is drawn."""

    def __init__(self, draw: Callable[[int], Batch], *, n_batches: int, seed: int) -> None:
        self._draw, self._n_batches, self._seed = draw, n_batches, seed

    def __len__(self) -> int:
        return self._n_batches

    def __getitem__(self, number: int) -> Batch:
        drawn: list[Batch] = []
        failed: list[BaseException] = []

        def work() -> None:
            sentencepiece.set_random_generator_seed((self._seed * 1_000_003 + number) % 2**31)
            try:
                drawn.append(self._draw(number))
            except BaseException as error:
                failed.append(error)

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        if failed:
            raise failed[0]
        return drawn[0]


class BatchTrainer(Trainer):
    """Trainer whose items are whole batches and whose model is an `Objective`."""

    def __init__(self, *, settings: Fit, looks: Looks | None, adversarial: float, **arguments: Any) -> None:
        super().__init__(data_collator=_the_one, **arguments)
        # Accumulated losses are averaged by Trainer; accelerate would divide them a second time.
        self.model_accepts_loss_kwargs = False
        self.accelerator.gradient_accumulation_steps = 1
        self.optimizer: Any
        self.control: Any
        self._settings, self._looks, self._adversarial = settings, looks, adversarial
        self._sums: dict[str, torch.Tensor] = {}
        self._n_summed = 0

    def _get_train_sampler(self, *_: Any) -> SequentialSampler:
        return SequentialSampler(self.train_dataset)  # type: ignore[arg-type]

    def create_optimizer(self, *_: Any) -> torch.optim.Optimizer:
        """AdamW; matrices decay, vectors do not."""
        if self.optimizer is None:
            learning = [p for p in self.model.parameters() if p.requires_grad]
            groups = [
                {"params": [p for p in learning if p.ndim > 1], "weight_decay": self._settings.weight_decay},
                {"params": [p for p in learning if p.ndim <= 1], "weight_decay": 0.0},
            ]
            rate = self._settings.learning_rate
            self.optimizer = torch.optim.AdamW(groups, lr=rate, betas=BETAS, fused=True)
        return self.optimizer

    def compute_loss(self, model: nn.Module, inputs: Batch, *_: Any, **__: Any) -> torch.Tensor:
        """The sum of the named losses, which are kept for the log."""
        losses: dict[str, torch.Tensor] = model(**inputs)
        for name, loss in losses.items():
            self._sums[name] = self._sums.get(name, torch.zeros_like(loss)) + loss.detach()
        self._n_summed += 1
        return torch.stack(list(losses.values())).sum()

    def training_step(self, model: nn.Module, inputs: Batch, *others: Any) -> torch.Tensor:
        """One backward pass, and a second one on shifted embeddings where `adversarial` is set (FGM, arXiv:1605.07725)."""
        loss = super().training_step(model, inputs, *others)
        if self._adversarial:
            weight = self.model.embeddings().weight
            norm = weight.grad.norm() if weight.grad is not None else torch.zeros(())
            if torch.isfinite(norm) and norm > 0:
                shift = self._adversarial * weight.grad / norm
                weight.data.add_(shift)
                super().training_step(model, inputs, *others)
                weight.data.sub_(shift)
        return loss

    def log(self, logs: dict[str, float], *others: Any) -> None:
        """Named losses beside what Trainer logs."""
        if self._n_summed and "loss" in logs:
            logs |= {name: float(total) / self._n_summed for name, total in self._sums.items()}
            self._sums, self._n_summed = {}, 0
        super().log(logs, *others)

    def evaluate(self, *_: Any, **__: Any) -> dict[str, float]:
        """The figures of `looks`, with the prefix that early stopping reads."""
        if self._looks is None:
            return {}
        self.model.eval()
        with torch.no_grad():
            figures = {f"eval_{name}": float(value) for name, value in self._looks.score().items()}
        self.model.train()
        self.log(figures)
        self.control = self.callback_handler.on_evaluate(self.args, self.state, self.control, figures)
        return figures

    def _save(self, output_dir: str | None = None, state_dict: Any = None) -> None:
        """One file of torch: embeddings that stand twice in a model (mT5's) are one tensor there."""
        folder = Path(output_dir or str(self.args.output_dir))
        folder.mkdir(parents=True, exist_ok=True)
        model = self.accelerator.unwrap_model(self.model, keep_torch_compile=False)
        torch.save(model.state_dict(), folder / "pytorch_model.bin")


class Allocation(TrainerCallback):
    """Lets AdaLoRA (arXiv:2303.10512) give its budget to the matrices that need it, while gradients are there."""

    def on_optimizer_step(self, args: Any, state: Any, control: Any, model: Any = None, **_: Any) -> None:
        """After each step of the optimizer, before the gradients are forgotten."""
        for module in model.modules():
            if hasattr(module, "update_and_allocate"):
                module.update_and_allocate(state.global_step)
                return


def _the_one(items: list[Batch]) -> Batch:
    return items[0]


def n_steps(n_batches: float, settings: Fit) -> int:
    """Optimizer steps in which all processes together see about `n_batches`; at least one."""
    return max(1, round(n_batches / (settings.accumulation * n_processes())))


def fit(
    objective: Objective,
    *,
    draw: Callable[[int], Batch],
    total: int,
    settings: Fit,
    work_dir: Path,
    title: str,
    looks: Looks | None = None,
    adversarial: float = 0.0,
) -> None:
    """Fit `objective` in place over `total` optimizer steps, resuming from `work_dir` where a checkpoint lies there.

    The fitted weights stay there, so that what follows can be taken up again without a step; `forget_checkpoint` ends it.
    `draw(n)` must draw from n alone. Losses, figures and rates are appended to `metrics.jsonl` in `work_dir`.
    """
    fitted = work_dir / FITTED_NAME
    if fitted.exists():
        objective.load_state_dict(torch.load(fitted, map_location="cpu", weights_only=True))
        return
    work_dir.mkdir(parents=True, exist_ok=True)
    n_batches = total * settings.accumulation * n_processes()
    trainer = BatchTrainer(
        settings=settings,
        looks=looks,
        adversarial=adversarial,
        model=objective,
        args=_arguments(settings, total=total, work_dir=work_dir, looks=looks),
        train_dataset=NumberedBatches(draw, n_batches=n_batches, seed=settings.seed),
        eval_dataset=[] if looks else None,
    )
    for callback in (PrinterCallback, ProgressCallback):
        trainer.remove_callback(callback)
    if settings.tuning is Tuning.ADALORA:
        trainer.add_callback(Allocation())
    if is_main():
        trainer.add_callback(Progress(title=title, log_dir=work_dir))
    if looks and looks.patience:
        trainer.add_callback(EarlyStoppingCallback(early_stopping_patience=looks.patience))
    trainer.train(resume_from_checkpoint=get_last_checkpoint(str(work_dir)))
    main_only(lambda: torch.save(objective.state_dict(), fitted))


def _arguments(settings: Fit, *, total: int, work_dir: Path, looks: Looks | None) -> TrainingArguments:
    on_gpu = torch.cuda.is_available()
    arguments = TrainingArguments(
        output_dir=str(work_dir),
        max_steps=total,
        per_device_train_batch_size=1,
        gradient_accumulation_steps=settings.accumulation,
        learning_rate=settings.learning_rate,
        lr_scheduler_type=settings.decay.value,
        warmup_steps=max(1, round(settings.warmup_share * total)),
        max_grad_norm=settings.clip,
        seed=settings.seed,
        use_cpu=not on_gpu,
        torch_compile=settings.compile,
        dataloader_num_workers=settings.workers,
        dataloader_pin_memory=on_gpu,
        remove_unused_columns=False,
        logging_steps=min(20, max(1, total // 10)),
        save_steps=looks.every if looks else settings.checkpoint_every,
        save_total_limit=1,
        eval_strategy="steps" if looks else "no",
        eval_steps=looks.every if looks else None,
        load_best_model_at_end=looks is not None,
        metric_for_best_model=SCORE if looks else None,
        greater_is_better=True if looks else None,
        disable_tqdm=True,
        report_to=[name for name in ("tensorboard", "wandb") if getattr(settings, name)],
        ddp_timeout=6 * 3600,
        ddp_find_unused_parameters=n_processes() > 1,
    )
    arguments._n_gpu = min(arguments.n_gpu, 1)  # several GPUs train by torchrun, one process each
    return arguments


def forget_checkpoint(work_dir: Path) -> None:
    """Take checkpoints and fitted weights away: the weights that they led to are written, the next training starts anew."""
    if is_main():
        (work_dir / FITTED_NAME).unlink(missing_ok=True)
        for folder in work_dir.glob("checkpoint-*"):
            shutil.rmtree(folder, ignore_errors=True)
