"""The rules of our data, one module a kind of file: `training.check_data` runs them on our own tree, `preflight` asks of
any company's data what a training needs.

Unlike the readers of `training.data.dataset`, which stop at the first fault, these go on and collect every fault with its
file and line.
"""
